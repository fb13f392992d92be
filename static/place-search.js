// Searches places by name as the visitor types, in a file of ours that is fetched once, when the box takes the focus.
// Nothing typed leaves the page until she presses the button, which finds the same places without this file.
const SHOWN = 8

class PlaceSearch {
  constructor(words) {
    this.words = words.dataset
    this.box = document.getElementById(words.dataset.placeSearch)
    this.picked = this.box.form.elements.picked || {} // a hidden field on pages that need to know which place was picked
    this.button = [...this.box.form.querySelectorAll("button")].at(-1)
    this.box.removeAttribute("list") // the browser's own list, for visitors without this file
    this.searches = this.button.textContent
    this.places = []
    this.shown = []
    this.active = -1
    this.build(words)
    this.box.addEventListener("focus", () => this.load(words.dataset.src), { once: true })
    this.box.addEventListener("input", () => this.typed())
    this.box.addEventListener("keydown", (event) => this.key(event))
    if (document.activeElement === this.box) this.load(words.dataset.src)
  }

  build(words) {
    this.list = Object.assign(document.createElement("ul"), { id: `${this.box.id}-list`, className: "finder__list", hidden: true })
    this.list.setAttribute("role", "listbox")
    this.list.setAttribute("aria-label", this.words.label)
    // The box keeps the focus while an option is pressed, so that the keyboard of a phone stays open.
    this.list.addEventListener("pointerdown", (event) => event.preventDefault())
    this.list.addEventListener("mousedown", (event) => event.preventDefault())
    this.list.addEventListener("click", (event) => this.pick(this.shown[this.options.indexOf(event.target.closest("[role=option]"))]))
    this.status = Object.assign(document.createElement("p"), { className: "govuk-visually-hidden" })
    this.status.setAttribute("role", "status")
    const frame = Object.assign(document.createElement("div"), { className: "finder" })
    this.box.before(frame)
    frame.append(this.box, this.list)
    words.after(this.status)
    const attributes = { role: "combobox", "aria-autocomplete": "list", "aria-expanded": "false", "aria-controls": this.list.id }
    for (const [name, value] of Object.entries(attributes)) this.box.setAttribute(name, value)
  }

  get options() {
    return [...this.list.children]
  }

  async load(src) {
    try {
      this.places = listed(await (await fetch(src)).json())
    } catch {
      return // the button still works
    }
    if (this.box.value && document.activeElement === this.box) this.typed()
  }

  typed() {
    this.picked.value = ""
    this.button.textContent = this.searches
    const found = search(this.places, this.box.value)
    this.shown = found.slice(0, SHOWN)
    this.list.replaceChildren(...this.shown.map((place, n) => this.option(place, n)))
    this.open(this.shown.length > 0)
    this.say(this.places.length && wordsOf(this.box.value).length ? this.count(found.length) : "")
  }

  option({ name, beside }, n) {
    const option = Object.assign(document.createElement("li"), { id: `${this.list.id}-${n}`, className: "finder__option" })
    option.setAttribute("role", "option")
    option.setAttribute("aria-selected", "false")
    const where = Object.assign(document.createElement("span"), { className: "finder__where", textContent: beside || this.words.borough })
    option.append(name, " ", where)
    return option
  }

  count(n) {
    if (n > SHOWN) return this.words.many.replace("%(n)s", SHOWN)
    return n === 1 ? this.words.one : n ? this.words.some.replace("%(n)s", n) : this.words.none
  }

  // Wait a moment, so that a screen reader speaks after the typing stops and not after each letter.
  say(words) {
    clearTimeout(this.saying)
    this.saying = setTimeout(() => (this.status.textContent = words), 500)
  }

  // The list stays open when something else is pressed: if it closed, everything below it would move away from under the
  // finger or the mouse.
  key(event) {
    if (event.isComposing || event.altKey && event.key !== "ArrowDown" && event.key !== "ArrowUp") return
    const isOpen = !this.list.hidden
    if (event.key === "ArrowDown" || event.key === "ArrowUp") {
      if (!this.shown.length) return
      event.preventDefault()
      if (!isOpen) this.open(true)
      if (!event.altKey) this.move(event.key === "ArrowDown" ? 1 : -1)
      else if (event.key === "ArrowUp") this.close()
    } else if (event.key === "Enter" && isOpen && this.active >= 0) {
      event.preventDefault()
      this.pick(this.shown[this.active])
    } else if (event.key === "Escape" && isOpen) {
      event.preventDefault()
      this.close()
    } else if (event.key === "Tab") {
      this.close()
    } else {
      this.mark(-1)
    }
  }

  // Move from the box through the list and back to the box.
  move(step) {
    const n = this.shown.length + 1
    this.mark(((this.active + 1 + step + n) % n) - 1)
  }

  mark(n) {
    this.active = n
    this.options.forEach((option, each) => option.setAttribute("aria-selected", String(each === n)))
    if (n < 0) return this.box.removeAttribute("aria-activedescendant")
    this.box.setAttribute("aria-activedescendant", this.options[n].id)
    this.options[n].scrollIntoView({ block: "nearest" })
  }

  open(isOpen) {
    this.list.hidden = !isOpen
    this.box.setAttribute("aria-expanded", String(isOpen))
    this.mark(-1)
  }

  close() {
    this.open(false)
  }

  pick(place) {
    if (!place) return
    const label = place.beside ? `${place.name}, ${place.beside}` : place.name
    this.box.value = this.picked.value = label
    this.button.textContent = this.words.goOn
    this.close()
    this.shown = []
    this.say(this.words.picked.replace("%(place)s", label))
  }
}

// List places by kind, borough by borough. The order of the kinds, and so of the results, is their importance.
function listed(boroughs) {
  const places = []
  for (const [borough, kinds] of Object.entries(boroughs)) {
    kinds.forEach((names, kind) => {
      for (const name of names) {
        const beside = kind ? borough : ""
        const plain = ` ${wordsOf(name).join(" ")}`
        places.push({ name, beside, kind, plain, all: `${plain} ${wordsOf(borough).join(" ")}` })
      }
    })
  }
  return places
}

function search(places, text) {
  const words = wordsOf(text).map((word) => ` ${word}`)
  if (!words.length) return []
  const typed = words.join("")
  const found = places.filter(({ plain, all }) => words.every((word) => all.includes(word)) && words.some((word) => plain.includes(word)))
  const rank = ({ plain, kind }) => (plain === typed ? 0 : plain.startsWith(typed) ? 10 : 20) + kind
  return found.sort((a, b) => rank(a) - rank(b) || (a.plain < b.plain ? -1 : 1))
}

// As in boroughs/geography/places.py: without capitals, accents, apostrophes and "and".
function wordsOf(text) {
  const plain = text.toLowerCase().normalize("NFKD").replace(/\p{M}/gu, "").replace(/['’ʼ`]/g, "")
  return (plain.match(/[\p{L}\p{N}]+/gu) || []).filter((word) => word !== "and")
}

document.querySelectorAll("[data-place-search]").forEach((words) => new PlaceSearch(words))
