// A suggested meeting spot writes itself into the box, and puts its point on the map, without loading the page again.
for (const section of document.querySelectorAll("[data-spots-into]")) {
  const [box, point] = section.dataset.spotsInto.split(" ").map((id) => document.getElementById(id))
  const status = section.querySelector("[role=status]")
  for (const button of section.querySelectorAll("[data-point]")) {
    button.addEventListener("click", (event) => {
      event.preventDefault()
      box.value = button.value
      point.value = button.dataset.point
      point.dispatchEvent(new Event("change")) // the map, if it is open, moves there
      status.textContent = `“${button.value}” is the meeting spot now, and the pin is there. Add where exactly, such as which entrance.`
    })
  }
}
