// Removes personal details from an open page after the same time as on the server, in case someone else finds the phone.
// Without this file they disappear with the next page that is loaded.
const instead = document.querySelector("[data-instead]")

if (instead) {
  const opened = Date.now()
  const left = () => instead.dataset.instead * 1000 - (Date.now() - opened)
  const look = () => {
    if (left() > 0) return
    for (const element of document.querySelectorAll("[data-personal]")) element.remove()
    instead.hidden = false
  }
  setTimeout(look, left())
  // Phones pause the timers of a page in the background.
  document.addEventListener("visibilitychange", look)
  window.addEventListener("pageshow", look)
}
