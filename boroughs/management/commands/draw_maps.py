"""Makes the committed files in `static/map/`: a compact map of each borough and BCU, and a picture of London."""

import json
from collections.abc import Callable, Iterable
from itertools import pairwise
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand

from boroughs.geography import picture
from boroughs.geography.boundaries import Line, Point, Shape, borough_shapes, read_shapes
from boroughs.geography.places import Place, places_for_maps
from boroughs.reference import units

MARGIN = 0.014
"""Degrees added on all four sides: about a mile north and south, and a kilometre east and west."""
STEP = 1e-5
"""Degrees, about a metre. The lines that we draw are no more exact."""
LAYERS = {"park": "park", "lake": "water", "river": "water", "red": "street", "road": "road"}
"""Layers of the map by kind of shape. A street is an area with its real width; a road is a line."""

SMALLEST_PARK_KM2 = 0.12
"""The picture of London shows no smaller parks."""

Box = tuple[float, float, float, float]
"""West, south, east, north, in degrees."""


class Command(BaseCommand):
    help = "Redraw the maps from data/. Only maintainers need it."

    def handle(self, **options: Any) -> None:
        folder = settings.BASE_DIR / "static" / "map"
        folder.mkdir(exist_ok=True)
        maps = list(draw_maps())
        for name, content in maps:
            Path(folder / name).write_text(content, "utf-8")
        Path(settings.BASE_DIR / "static" / picture.FILE).write_text(draw_picture(), "utf-8")
        self.stdout.write(f"{len(maps)} maps and a picture of London in {folder.name}/")


def draw_picture() -> str:
    """Return the picture of London on which public pages show points: its boroughs, water, large parks and roads."""
    base = read_shapes("basemap.topojson")
    of_kind = {kind: [shape for shape in base if shape.properties["k"] == kind] for kind in LAYERS}
    box = picture.whole_box()
    parks = [shape for shape in of_kind["park"] if picture.area_km2(shape) >= SMALLEST_PARK_KM2]
    areas = ((borough_shapes(), "#efeee9"), (parks, "#cfe3c8"), ([*of_kind["lake"], *of_kind["river"]], "#b4d3df"))
    layers = [f'<path fill="{fill}" d="{_path(shapes, is_area=True)}"/>' for shapes, fill in areas]
    layers += [
        f'<path fill="none" stroke="#ffffff" stroke-width="5" d="{_path(of_kind["road"], is_area=False)}"/>',
        f'<path fill="none" stroke="#5f7d80" stroke-width="2.5" d="{_path(borough_shapes(), is_area=True)}"/>',
    ]
    size = f'viewBox="{box.view_box}" width="{box.width}" height="{box.height}"'
    return f'<svg xmlns="http://www.w3.org/2000/svg" {size}>{"".join(layers)}</svg>\n'


def _path(shapes: Iterable[Shape], *, is_area: bool) -> str:
    return picture.path((line for shape in shapes for line in shape.lines), is_area=is_area)


def draw_maps() -> Iterable[tuple[str, str]]:
    """Yield the name and content of each file."""
    base = read_shapes("basemap.topojson")
    by_name = {str(borough.properties["name"]): borough for borough in borough_shapes()}
    areas = {str(borough.properties["gss"]): [borough] for borough in borough_shapes()}
    areas |= {unit.code: [by_name[name] for name in unit.boroughs] for unit in units()}
    for code, boroughs in areas.items():
        content = _draw_map(boroughs, base)
        yield f"{code}.json", json.dumps(content, separators=(",", ":"), ensure_ascii=False) + "\n"


def _draw_map(boroughs: list[Shape], base: list[Shape]) -> dict[str, Any]:
    box = _box(boroughs)
    layers: dict[str, list[list[int]]] = {layer: [] for layer in LAYERS.values()}
    for shape in base:
        layer = LAYERS[shape.properties["k"]]
        for line in shape.lines:
            layers[layer] += [_encode_line(clipped, box) for clipped in _clip(line, box, is_area=layer != "road")]
    nearby_boroughs = [(shape, _rings_in(shape, box)) for shape in borough_shapes()]
    return {
        "box": [round(side, 5) for side in box],
        **layers,
        "boroughs": [
            [shape.properties["gss"], shape.properties["name"], *_label(shape, box), rings]
            for shape, rings in nearby_boroughs
            if rings
        ],
        "places": [_encode_place(place) for place in places_for_maps() if _is_in((place.lon, place.lat), box)],
    }


def _rings_in(shape: Shape, box: Box) -> list[list[int]]:
    return [_encode_line(part, box) for ring in shape.lines for part in _clip(ring, box, is_area=True)]


def _label(shape: Shape, box: Box) -> list[float]:
    lon, lat = shape.properties["label"]
    return [lat, lon] if _is_in((lon, lat), box) else [0, 0]


def _encode_place(place: Place) -> list[str | float]:
    return [str(place), place.kind[0], place.lat, place.lon]


def _box(shapes: list[Shape]) -> Box:
    points = [point for shape in shapes for line in shape.lines for point in line]
    longitudes, latitudes = [x for x, _y in points], [y for _x, y in points]
    return (min(longitudes) - MARGIN, min(latitudes) - MARGIN, max(longitudes) + MARGIN, max(latitudes) + MARGIN)


def _is_in(point: Point, box: Box) -> bool:
    return box[0] <= point[0] <= box[2] and box[1] <= point[1] <= box[3]


def _clip(line: Line, box: Box, *, is_area: bool) -> list[Line]:
    parts = [_clip_area(line, box)] if is_area else _clip_line(line, box)
    return [part for part in parts if len(part) > (2 if is_area else 1)]


def _clip_area(ring: Line, box: Box) -> Line:
    """Clip an area to the box, one side after another (Sutherland–Hodgman algorithm)."""
    for axis, side, is_inside in _sides(box):
        clipped: Line = []
        for previous, point in zip([ring[-1], *ring], ring, strict=False):
            if is_inside(previous[axis]) != is_inside(point[axis]):
                clipped.append(_crossing(previous, point, axis, side))
            if is_inside(point[axis]):
                clipped.append(point)
        ring = clipped
        if not ring:
            break
    return ring


def _sides(box: Box) -> list[tuple[int, float, Callable[[float], bool]]]:
    west, south, east, north = box
    return [
        (0, west, lambda x: x >= west),
        (0, east, lambda x: x <= east),
        (1, south, lambda y: y >= south),
        (1, north, lambda y: y <= north),
    ]


def _crossing(a: Point, b: Point, axis: int, side: float) -> Point:
    share = (side - a[axis]) / (b[axis] - a[axis])
    return (a[0] + share * (b[0] - a[0]), a[1] + share * (b[1] - a[1]))


def _clip_line(line: Line, box: Box) -> list[Line]:
    """Return the segments with an end in the box, joined into lines. They may cross the edge, where nobody sees it."""
    lines: list[Line] = []
    for start, end in pairwise(line):
        if _is_in(start, box) or _is_in(end, box):
            if lines and lines[-1][-1] == start:
                lines[-1].append(end)
            else:
                lines.append([start, end])
    return lines


def _encode_line(line: Line, box: Box) -> list[int]:
    """Encode a line as steps east and north: first from the corner of the box, then from point to point."""
    steps: list[int] = []
    x = y = 0
    for lon, lat in line:
        east, north = round((lon - box[0]) / STEP), round((lat - box[1]) / STEP)
        if not steps or (east, north) != (x, y):
            steps += [east - x, north - y]
            x, y = east, north
    return steps
