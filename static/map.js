// Draws the map, whose contents each page also gives in words. Only pages with a map load this file and the library.
const STEP = 1e-5
const KM_PER_DEGREE = 111.32
const KM_PER_DEGREE_EAST = KM_PER_DEGREE * Math.cos((51.5 * Math.PI) / 180)
const CLOSE = 16
const FARTHEST = 10
// The zoom from which the name of each kind of place is shown.
const SHOWN_FROM = { n: 11, s: 13, p: 13, l: 14 }

for (const root of document.querySelectorAll("[data-map]")) {
  root.hidden = false
  const opener = root.querySelector("[data-map-open]")
  if (opener) opener.addEventListener("click", () => open(root, opener), { once: true })
  else draw(root)
}

async function open(root, opener) {
  const panel = root.querySelector("[data-map-panel]")
  panel.hidden = false
  opener.hidden = true
  await draw(root)
  panel.querySelector(".map").focus({ preventScroll: true })
}

async function draw(root) {
  const words = root.dataset
  const [leaflet, place] = await Promise.all([
    import(words.leaflet),
    fetch(words.map).then((answer) => answer.json()),
    sheet(words.sheet),
  ])
  const map = makeMap(leaflet, root.querySelector(".map"), place, words)
  if (words.input) choose(leaflet, map, root, place)
  else show(leaflet, map, words)
  root.dispatchEvent(new CustomEvent("map:drawn", { detail: { leaflet, map } }))
}

function sheet(href) {
  if ([...document.styleSheets].some((each) => each.href?.endsWith(href))) return
  const link = Object.assign(document.createElement("link"), { rel: "stylesheet", href })
  const loaded = new Promise((done) => ["load", "error"].forEach((event) => link.addEventListener(event, done)))
  document.head.append(link)
  return loaded
}

// --- Drawing the map

function makeMap(leaflet, element, place, words) {
  const [west, south, east, north] = place.box
  const edge = leaflet.bounds([south, west], [north, east])
  const map = new leaflet.Map(element, {
    attributionControl: false,
    maxBounds: edge,
    maxBoundsViscosity: 1,
    maxZoom: CLOSE + 1,
    minZoom: FARTHEST,
    renderer: leaflet.svg({ padding: 0.4 }),
    scrollWheelZoom: false, // so that the page itself scrolls
    zoomControl: false,
  })
  new leaflet.ZoomControl({ zoomInTitle: words.zoomIn, zoomOutTitle: words.zoomOut }).addTo(map)
  new leaflet.ScaleControl({ imperial: true }).addTo(map)
  const unpack = (line) => unpacked(line, west, south)
  place.boroughs = place.boroughs.map(([gss, name, lat, lon, rings]) => ({ gss, name, lat, lon, rings: rings.map(unpack) }))
  const first = place.places.filter(([name]) => words.first?.split("|").includes(name))
  map.setView(...view(words, edge, map, first))
  const add = (make, lines, name) =>
    make.call(leaflet, lines, { className: `map__${name}`, interactive: false, smoothFactor: 0.5 }).addTo(map)
  for (const borough of place.boroughs) {
    add(leaflet.polygon, borough.rings, words.borough.split(" ").includes(borough.gss) ? "asked" : "land")
  }
  for (const name of ["park", "water"]) {
    add(leaflet.polygon, place[name].map((ring) => [unpack(ring)]), name)
  }
  const roads = place.road.map(unpack)
  add(leaflet.polygon, [place.street.map(unpack)], "street")
  add(leaflet.polyline, roads, "verge")
  add(leaflet.polyline, roads, "road")
  for (const borough of place.boroughs) add(leaflet.polygon, borough.rings, "border")
  label(leaflet, map, place, first)
  return map
}

function view(words, edge, map, first) {
  const middle = point(words.mapPoint) ?? point(words.about)
  if (middle && first.length) return [middle, zoomAround(map, middle, first)]
  if (middle) return [middle, words.mapPoint ? CLOSE - 1 : CLOSE - 3]
  return [edge.getCenter(), Math.max(FARTHEST, map.getBoundsZoom(edge.pad(-0.1)))]
}

// Near enough to read the streets, and far enough to see these places.
function zoomAround(map, { lat, lng }, places) {
  const north = Math.max(...places.map((each) => Math.abs(each[2] - lat)))
  const east = Math.max(...places.map((each) => Math.abs(each[3] - lng)))
  const around = [[lat - north, lng - east], [lat + north, lng + east]]
  return Math.max(SHOWN_FROM.s, Math.min(CLOSE - 1, map.getBoundsZoom(around, false, [80, 80])))
}

function unpacked(line, west, south) {
  const points = []
  let x = 0
  let y = 0
  for (let at = 0; at < line.length; at += 2) {
    x += line[at]
    y += line[at + 1]
    points.push([south + y * STEP, west + x * STEP])
  }
  return points
}

// Place names, most important first, without overlaps.
function label(leaflet, map, place, first) {
  const names = [
    ...first,
    ...place.boroughs.filter(({ lat }) => lat).map(({ name, lat, lon }) => [name, "b", lat, lon]),
    ...place.places.filter((each) => !first.includes(each)),
  ]
  let shown = []
  const write = () => {
    const zoom = map.getZoom()
    const view = map.getBounds()
    const taken = []
    shown.forEach((each) => each.remove())
    shown = []
    for (const [name, kind, lat, lon] of names) {
      const fits = kind === "b" ? zoom < 13 : zoom >= SHOWN_FROM[kind]
      if (!fits || !view.contains([lat, lon]) || shown.length >= 40) continue
      const { x, y } = map.latLngToContainerPoint([lat, lon])
      const half = name.length * (kind === "b" ? 4.2 : 3.4) + 6
      const room = { left: x - half, right: x + half, top: y - 8, bottom: y + 22 }
      if (taken.some((other) => overlap(room, other))) continue
      taken.push(room)
      shown.push(leaflet.marker([lat, lon], { icon: named(leaflet, name, kind), interactive: false, keyboard: false }))
      shown.at(-1).addTo(map)
    }
  }
  map.on("zoomend moveend resize", write)
  write()
}

function overlap(a, b) {
  return a.left < b.right && b.left < a.right && a.top < b.bottom && b.top < a.bottom
}

function named(leaflet, name, kind) {
  const html = document.createElement("span")
  html.textContent = name
  return leaflet.divIcon({ className: `map__name map__name--${kind}`, html, iconSize: null })
}

function pinAt(leaflet, map, at, options = {}) {
  const icon = leaflet.divIcon({ className: "map__pin", html: "", iconAnchor: [14, 36], iconSize: [28, 36] })
  return leaflet.marker(at, { icon, interactive: false, keyboard: false, zIndexOffset: 1000, ...options }).addTo(map)
}

function show(leaflet, map, words) {
  const at = point(words.mapPoint)
  if (at) pinAt(leaflet, map, at)
}

// --- Choosing a point

function choose(leaflet, map, root, place) {
  const field = document.getElementById(root.dataset.input)
  const status = root.querySelector("[data-map-status]")
  const remover = root.querySelector("[data-map-remove]")
  const element = root.querySelector(".map")
  let pin = null

  const put = (at) => {
    pin?.remove()
    pin = null
    if (at) {
      pin = pinAt(leaflet, map, at, { draggable: true, interactive: true })
      pin.on("dragend", () => put(pin.getLatLng()))
      map.panInside(at, { padding: [60, 60] })
    }
    keep(field, at, root.dataset.spot)
    remover.hidden = !at
    status.textContent = at ? said(at, place, root.dataset) : root.dataset.none
  }
  map.on("click", ({ latlng }) => put(latlng))
  element.addEventListener("keydown", (event) => {
    if (event.key !== "Enter" || event.target !== element) return
    event.preventDefault() // or it would submit the form
    put(map.getCenter())
  })
  root.querySelector("[data-map-here]").addEventListener("click", () => put(map.getCenter()))
  remover.addEventListener("click", () => {
    put(null)
    element.focus({ preventScroll: true })
  })
  field.addEventListener("change", () => {
    const at = point(field.value)
    if (at) map.setView([at.lat, at.lng], CLOSE - 1)
    put(at)
  })
  const kept = point(field.value)
  if (kept) put(kept)
  else remover.hidden = true
}

// If the field is a list, add the point as one of its options.
function keep(field, at, words) {
  const value = at ? `${at.lat.toFixed(5)},${at.lng.toFixed(5)}` : ""
  if (field.options && ![...field.options].some((option) => option.value === value)) {
    field.querySelector("[data-map-spot]")?.remove()
    const option = new Option(words, value)
    option.dataset.mapSpot = ""
    field.append(option)
  }
  field.value = value
}

function said(at, place, words) {
  const where = place.boroughs.find(({ rings }) => holds(rings, at))
  if (!where) return words.beyond
  const near = nearest(place.places, at)
  const said = [fill(near ? words.near : words.in, { place: near, borough: where.name })]
  if (words.accepted && !words.accepted.split(" ").includes(where.gss)) said.push(fill(words.elsewhere, { borough: where.name }))
  return said.join(" ")
}

function nearest(places, at) {
  const far = ([, , lat, lon]) =>
    Math.hypot((lat - at.lat) * KM_PER_DEGREE, (lon - at.lng) * KM_PER_DEGREE_EAST)
  const public_ = places.filter(([, kind]) => kind !== "n")
  return public_.reduce((best, each) => (best && far(best) <= far(each) ? best : each), null)?.[0]
}

function holds(rings, { lat, lng }) {
  let inside = false
  for (const ring of rings) {
    let [y1, x1] = ring.at(-1)
    for (const [y2, x2] of ring) {
      if (y1 > lat !== y2 > lat && lng < x1 + ((x2 - x1) * (lat - y1)) / (y2 - y1)) inside = !inside
      ;[y1, x1] = [y2, x2]
    }
  }
  return inside
}

function fill(words, values) {
  return words.replace(/\{(\w+)\}/g, (_whole, name) => values[name])
}

function point(text) {
  const [lat, lng] = (text || "").split(",").map(Number)
  return Number.isFinite(lat) && Number.isFinite(lng) ? { lat, lng } : null
}
