// Single keys on staff pages: j and k move through the rows of a list, x ticks the row, and every other key presses the
// link, button or box that names it in `data-key` (templates/accounts/keys.html lists them). A key of a row works only
// in the current row, and while rows are ticked the page's own key comes first, because it acts on all of them. In
// fields, and with Ctrl, Alt or Meta, every key does what it always does. Only Ctrl and Enter together send a form.
const TYPED_IN = "input:not([type=checkbox], [type=radio], [type=button], [type=submit]), textarea, select, [contenteditable]"
const ROW = "[data-rows] [data-row]"

let lastRow = null

document.addEventListener("focusin", (event) => {
  lastRow = event.target.closest(ROW)
})

document.addEventListener("keydown", (event) => {
  if (event.key === "Enter" && (event.ctrlKey || event.metaKey)) {
    if (press("Control+Enter")) event.preventDefault()
    return
  }
  const isTyped = event.target.closest(TYPED_IN) || event.isComposing
  const hasModifier = event.ctrlKey || event.altKey || event.metaKey
  if (isTyped || hasModifier || event.defaultPrevented || event.key.length > 1) return
  const step = { j: 1, k: -1 }[event.key]
  if (event.repeat && !step) return
  const done = (step && move(step)) || (event.key === "x" && tick()) || press(event.key)
  if (done) event.preventDefault() // the key that focuses a box must not be typed into it
})

// A click beside all controls takes the focus away, but not the place in the list.
function currentRow() {
  const focused = document.activeElement.closest(ROW)
  return focused || (document.activeElement === document.body && lastRow?.isConnected ? lastRow : null)
}

function move(step) {
  const rows = [...document.querySelectorAll(ROW)].filter(isVisible)
  const here = rows.indexOf(currentRow())
  const row = here < 0 ? rows[step > 0 ? 0 : rows.length - 1] : rows[here + step]
  const link = row && [...row.querySelectorAll("a[href], button")].find(isVisible)
  link?.focus({ focusVisible: true })
  return Boolean(link)
}

function tick() {
  const box = currentRow()?.querySelector("input[type=checkbox]:not(:disabled)")
  box?.click()
  return Boolean(box)
}

function press(key) {
  const all = [...document.querySelectorAll(`[data-key="${CSS.escape(key)}"]:not(:disabled)`)].filter(isVisible)
  const row = currentRow()
  const ofRow = row && all.find((element) => row.contains(element))
  const ofPage = all.find((element) => !element.closest(ROW))
  const isTicked = document.querySelector(`${ROW} input[type=checkbox]:checked`)
  const target = isTicked ? ofPage || ofRow : ofRow || ofPage
  if (!target) return false
  if (target.matches(TYPED_IN)) {
    target.focus()
    target.select?.()
  } else {
    target.click()
  }
  return true
}

function isVisible(element) {
  return element.getClientRects().length > 0
}
