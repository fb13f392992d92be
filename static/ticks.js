// Ticking works without this file. With it, Shift ticks a range, one box ticks the page, and the bar says how many.
const boxes = [...document.querySelectorAll('input[name="ticked"]')]
const count = document.querySelector("[data-count]")
const head = document.querySelector("[data-tick-all]")
let all = null
let last = null

function show() {
  const ticked = boxes.filter((box) => box.checked).length
  count.textContent = `${ticked} ticked`
  if (!all) return
  all.checked = ticked === boxes.length
  all.indeterminate = ticked > 0 && ticked < boxes.length
}

// A click and the space bar both arrive as a click, so a range works by keyboard too.
function tickRange(event) {
  const box = event.target
  if (event.shiftKey && last && last !== box) {
    const [from, to] = [boxes.indexOf(last), boxes.indexOf(box)].sort((a, b) => a - b)
    boxes.slice(from, to + 1).forEach((other) => (other.checked = box.checked))
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
    boxes.forEach((box) => (box.checked = all.checked))
    show()
  })
}

if (count) {
  if (head) addTickAll()
  boxes.forEach((box) => box.addEventListener("click", tickRange))
  // Selecting text is not wanted while a range is ticked with the pointer.
  boxes.forEach((box) =>
    box.parentElement.addEventListener("mousedown", (event) => event.shiftKey && event.preventDefault()),
  )
  document.getElementById("ticked").addEventListener("reset", () => setTimeout(show))
  window.addEventListener("pageshow", show)
  show()
}
