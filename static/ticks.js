// Ticking works without this file. With it, Shift ticks a range, one box ticks the page, and the bar says how many.
// Boxes are looked for each time, because rows may be added while the page is open.
const count = document.querySelector("[data-count]")
const head = document.querySelector("[data-tick-all]")
const bar = document.getElementById("ticked")
let all = null
let last = null

const boxes = () => [...document.querySelectorAll('input[name="ticked"]')]

function show() {
  const found = boxes()
  const ticked = found.filter((box) => box.checked).length
  count.textContent = `${ticked} ticked`
  if (!all) return
  all.checked = ticked > 0 && ticked === found.length
  all.indeterminate = ticked > 0 && ticked < found.length
}

// A click and the space bar both arrive as a click, so a range works by keyboard too.
function tickRange(event) {
  const box = event.target
  if (box.name !== "ticked") return
  const found = boxes()
  if (event.shiftKey && found.includes(last) && last !== box) {
    const [from, to] = [found.indexOf(last), found.indexOf(box)].sort((a, b) => a - b)
    found.slice(from, to + 1).forEach((other) => (other.checked = box.checked))
  }
  last = box
  show()
}

function addTickAll() {
  const label = document.createElement("label")
  label.className = "tick"
  all = document.createElement("input")
  all.type = "checkbox"
  all.autocomplete = "off"
  const words = document.createElement("span")
  words.className = "govuk-visually-hidden"
  words.textContent = "Tick all on this page"
  label.append(all, words)
  head.replaceChildren(label)
  all.addEventListener("change", () => {
    boxes().forEach((box) => (box.checked = all.checked))
    show()
  })
}

if (bar && count) {
  if (head) addTickAll()
  document.addEventListener("click", tickRange)
  // Selecting text is not wanted while a range is ticked with the pointer.
  document.addEventListener("mousedown", (event) => {
    if (event.shiftKey && event.target.closest(".tick")) event.preventDefault()
  })
  bar.addEventListener("reset", () => setTimeout(show))
  window.addEventListener("pageshow", show)
  show()
}
