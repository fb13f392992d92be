// Only the parts of Leaflet that our map uses: no tiles, pictures or layer control.
import "leaflet/src/layer/vector/Renderer.getRenderer.js" // tells the map how to draw lines

export { Zoom as ZoomControl } from "leaflet/src/control/Control.Zoom.js"
export { Scale as ScaleControl } from "leaflet/src/control/Control.Scale.js"
export { toLatLngBounds as bounds } from "leaflet/src/geo/LatLngBounds.js"
export { divIcon } from "leaflet/src/layer/marker/DivIcon.js"
export { marker } from "leaflet/src/layer/marker/Marker.js"
export { polygon } from "leaflet/src/layer/vector/Polygon.js"
export { polyline } from "leaflet/src/layer/vector/Polyline.js"
export { svg } from "leaflet/src/layer/vector/SVG.js"
export { Map } from "leaflet/src/map/index.js"
