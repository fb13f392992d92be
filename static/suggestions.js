// Places to choose from become buttons that write into the box, where she can say which entrance.
for (const list of document.querySelectorAll("[data-suggestions]")) {
  const box = document.getElementById(list.dataset.suggestions)
  const places = [...list.querySelectorAll("input")].map((radio) => radio.value)
  const legend = list.querySelector("legend")
  const heading = Object.assign(document.createElement("p"), { className: "govuk-body", textContent: legend.textContent.trim() })
  const buttons = document.createElement("ul")
  buttons.className = "govuk-list suggestions"
  heading.id = `${box.id}-suggestions`
  buttons.setAttribute("aria-labelledby", heading.id)
  for (const place of places) {
    const button = Object.assign(document.createElement("button"), { type: "button", className: "link-button", textContent: place })
    button.addEventListener("click", () => write(box, place, places))
    const item = document.createElement("li")
    item.append(button)
    buttons.append(item)
  }
  list.replaceChildren(heading, buttons)
}

// One place takes the place of another; words of her own stay.
function write(box, place, places) {
  const before = places.find((each) => box.value.startsWith(each))
  const own = before ? box.value.slice(before.length) : box.value && `, ${box.value}`
  box.value = place + own
  box.focus()
  box.setSelectionRange(box.value.length, box.value.length)
}
