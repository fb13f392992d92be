// Turns the suggested places into buttons that write into the box, where the requester can add which entrance. The focus
// stays where it is, so that no keyboard pops up on a phone, and a status message says what happened.
for (const list of document.querySelectorAll("[data-suggestions]")) {
  const box = document.getElementById(list.dataset.suggestions)
  const places = [...list.querySelectorAll("input")].map((radio) => radio.value)
  const legend = list.querySelector("legend")
  const heading = Object.assign(document.createElement("p"), { className: "govuk-body", textContent: legend.textContent.trim() })
  const status = Object.assign(document.createElement("p"), { className: "govuk-body" })
  status.setAttribute("role", "status")
  const buttons = document.createElement("ul")
  buttons.className = "govuk-list suggestions"
  heading.id = `${box.id}-suggestions`
  buttons.setAttribute("aria-labelledby", heading.id)
  for (const place of places) {
    const button = Object.assign(document.createElement("button"), { type: "button", className: "link-button", textContent: place })
    button.addEventListener("click", () => {
      write(box, place, places)
      status.textContent = list.dataset.written.replace("%(place)s", place)
    })
    const item = document.createElement("li")
    item.append(button)
    buttons.append(item)
  }
  list.replaceChildren(heading, buttons, status)
}

// A new place replaces the last one, and anything else that she typed stays.
function write(box, place, places) {
  const before = places.find((each) => box.value.startsWith(each))
  const own = before ? box.value.slice(before.length) : box.value && `, ${box.value}`
  box.value = place + own
}
