// A page left open on a phone that is lost or looked at: what is personal goes after the same time as on the server.
// Without this file it goes with the next page that is asked for.
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
  // Phones stop the clock of a page that is not in front.
  document.addEventListener("visibilitychange", look)
  window.addEventListener("pageshow", look)
}
