// Marks the rows of the list beside the team's map. Rows at one point share a mark, which says how many they are.
const list = document.querySelector("[data-spots]")
const root = document.querySelector("[data-map]")

root?.addEventListener("map:drawn", ({ detail }) => mark(detail.leaflet, detail.map))

function mark(leaflet, map) {
  const spots = new Map()
  for (const row of list.querySelectorAll("[data-at]")) {
    const key = `${row.dataset.kind} ${row.dataset.at}`
    spots.set(key, [...(spots.get(key) ?? []), row])
  }
  const points = []
  for (const rows of spots.values()) {
    const { at, kind } = rows[0].dataset
    const [lat, lng] = at.split(",").map(Number)
    points.push([lat, lng])
    const marker = leaflet.marker([lat, lng], { icon: icon(leaflet, kind, rows.length), keyboard: false }).addTo(map)
    marker.on("click", () => choose(rows))
    for (const row of rows) point(row, marker.getElement())
  }
  if (points.length) map.fitBounds(points, { maxZoom: 14, padding: [40, 40] })
}

function icon(leaflet, kind, count) {
  const html = document.createElement("span")
  html.textContent = kind === "area" || count > 1 ? count : ""
  const [size, anchor] = kind === "area" ? [[32, 32], [16, 16]] : [[28, 36], [14, 36]]
  return leaflet.divIcon({ className: kind === "area" ? "map__area" : "map__pin map__pin--row", html, iconAnchor: anchor, iconSize: size })
}

// A press on a mark shows its rows, and the focus goes to the first of them.
function choose(rows) {
  for (const row of list.children) row.classList.toggle("is-chosen", rows.includes(row))
  rows[0].scrollIntoView({ block: "nearest" })
  rows[0].querySelector("a").focus({ preventScroll: true })
}

// While a row has the focus or the pointer, its mark stands out.
function point(row, mark) {
  const show = (is) => () => mark.classList.toggle("is-pointed-at", is)
  for (const event of ["focusin", "mouseenter"]) row.addEventListener(event, show(true))
  for (const event of ["focusout", "mouseleave"]) row.addEventListener(event, show(false))
}
