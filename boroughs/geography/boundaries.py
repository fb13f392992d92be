"""The boundaries of the boroughs, and other shapes of London, from the TopoJSON files in `data/`."""

import json
from dataclasses import dataclass
from functools import cache
from itertools import accumulate, pairwise
from typing import Any

from django.conf import settings

Point = tuple[float, float]
"""Longitude and latitude in degrees (WGS84), in TopoJSON's order."""
Line = list[Point]


@dataclass(frozen=True)
class Shape:
    """A shape with its properties. If it is an area, its lines are rings."""

    properties: dict[str, Any]
    lines: list[Line]

    def holds(self, point: Point) -> bool:
        """Return whether the point is inside: a line due east crosses an odd number of rings. Holes are outside."""
        return sum(_crossings(ring, point) for ring in self.lines) % 2 == 1


def read_shapes(name: str) -> list[Shape]:
    content = json.loads((settings.BASE_DIR / "data" / name).read_text("utf-8"))
    arcs = [_arc(arc, content["transform"]) for arc in content["arcs"]]
    geometries = [geometry for layer in content["objects"].values() for geometry in layer["geometries"]]
    return [_shape(geometry, arcs) for geometry in geometries]


def _shape(geometry: dict[str, Any], arcs: list[Line]) -> Shape:
    return Shape(geometry["properties"], [_line(ids, arcs) for ids in _line_ids(geometry["arcs"])])


@cache
def borough_shapes() -> list[Shape]:
    """Return the 32 boroughs and the City of London, which meet in the middle of the Thames."""
    return read_shapes("boroughs.topojson")


def borough_at(lat: float, lon: float) -> str:
    """Return the ONS code of the borough there, or "" outside London."""
    return next((str(shape.properties["gss"]) for shape in borough_shapes() if shape.holds((lon, lat))), "")


def borough_middle(gss: str) -> str:
    """Return the latitude and longitude where a map writes the borough's name, like "51.47,-0.06", or ""."""
    labels = (shape.properties["label"] for shape in borough_shapes() if shape.properties["gss"] == gss)
    return next((f"{lat},{lon}" for lon, lat in labels), "")


def _arc(steps: list[list[int]], transform: dict[str, list[float]]) -> Line:
    (wide, high), (west, south) = transform["scale"], transform["translate"]
    across = accumulate(step[0] for step in steps)
    up = accumulate(step[1] for step in steps)
    return [(west + x * wide, south + y * high) for x, y in zip(across, up, strict=True)]


def _line_ids(arcs: list[Any]) -> list[list[int]]:
    """Return the lines of a geometry, however deeply its parts are nested."""
    if not isinstance(arcs[0], list):
        return [arcs]
    return [ids for part in arcs for ids in _line_ids(part)]


def _line(ids: list[int], arcs: list[Line]) -> Line:
    """Join arcs end to end. A negative number means an arc in reverse."""
    line: Line = []
    for number in ids:
        arc = arcs[number] if number >= 0 else arcs[~number][::-1]
        line += arc[1:] if line else arc
    return line


def _crossings(ring: Line, point: Point) -> int:
    x, y = point
    return sum(
        (y1 > y) != (y2 > y) and x < x1 + (x2 - x1) * (y - y1) / (y2 - y1) for (x1, y1), (x2, y2) in pairwise(ring)
    )
