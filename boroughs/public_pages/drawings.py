"""Reads our SVG drawings, so that pictures of links and icons show the same ones as pages and posters do.

They use a small part of SVG: `rect`, `circle` and `path` with absolute M, L, C and Z, each with a colour.
"""

import math
import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from operator import mul
from pathlib import Path
from xml.etree import ElementTree

from django.conf import settings

STREET = settings.BASE_DIR / "templates" / "art" / "street.svg"
MARK = settings.BASE_DIR / "static" / "icon.svg"

Point = tuple[float, float]

STEPS_OF_A_CURVE = 16
STEPS_OF_A_CIRCLE = 64
PATH_PART = re.compile(r"[MLCZ]|-?[\d.]+")


@dataclass(frozen=True)
class Shape:
    """A filled outline, in the units of its drawing, with y growing downwards."""

    colour: str
    opacity: float
    points: tuple[Point, ...]

    def placed(self, *, x: float, y: float, scale: float) -> list[Point]:
        """Return the outline with the drawing's upper left corner at (x, y)."""
        return [(x + scale * across, y + scale * down) for across, down in self.points]


@dataclass(frozen=True)
class Drawing:
    width: float
    height: float
    shapes: tuple[Shape, ...]


@cache
def read_drawing(path: Path) -> Drawing:
    root = ElementTree.fromstring(path.read_text("utf-8"))  # noqa: S314  # our own files
    _left, _top, width, height = map(float, root.attrib["viewBox"].split())
    return Drawing(width, height, tuple(_shape(element) for element in root))


def _shape(element: ElementTree.Element) -> Shape:
    outlines = {"rect": _rectangle, "circle": _circle, "path": _path}
    points = outlines[element.tag.rpartition("}")[2]](element)
    return Shape(element.attrib["fill"], float(element.get("opacity", 1)), tuple(points))


def _rectangle(element: ElementTree.Element) -> Iterator[Point]:
    x, y, width, height, radius = (float(element.get(name, 0)) for name in ("x", "y", "width", "height", "rx"))
    corners = [(x, y, 1, 1), (x + width, y, -1, 1), (x + width, y + height, -1, -1), (x, y + height, 1, -1)]
    for quarter, (corner_x, corner_y, inwards_x, inwards_y) in enumerate(corners, start=2):
        yield from _arc(corner_x + inwards_x * radius, corner_y + inwards_y * radius, radius, quarter, quarter + 1)


def _circle(element: ElementTree.Element) -> Iterator[Point]:
    x, y, radius = (float(element.attrib[name]) for name in ("cx", "cy", "r"))
    return _arc(x, y, radius, 0, 4)


def _arc(x: float, y: float, radius: float, first_quarter: int, last_quarter: int) -> Iterator[Point]:
    """Yield points clockwise around (x, y). Quarters are counted from the right."""
    steps = STEPS_OF_A_CIRCLE // 4 * (last_quarter - first_quarter)
    for step in range(steps + 1):
        angle = math.pi / 2 * (first_quarter + step * 4 / STEPS_OF_A_CIRCLE)
        yield x + radius * math.cos(angle), y + radius * math.sin(angle)


def _path(element: ElementTree.Element) -> Iterator[Point]:
    parts = iter(PATH_PART.findall(element.attrib["d"]))
    here: Point = (0, 0)
    for part in parts:
        if part in ("M", "L"):
            here = _point(parts)
            yield here
        elif part == "C":
            start, first, second, here = here, _point(parts), _point(parts), _point(parts)
            yield from _curve(start, first, second, here)
        elif part != "Z":
            raise ValueError(f"A path needs a letter before {part}.")


def _point(parts: Iterator[str]) -> Point:
    return float(next(parts)), float(next(parts))


def _curve(start: Point, first: Point, second: Point, end: Point) -> Iterator[Point]:
    for step in range(1, STEPS_OF_A_CURVE + 1):
        t = step / STEPS_OF_A_CURVE
        weights = ((1 - t) ** 3, 3 * t * (1 - t) ** 2, 3 * t**2 * (1 - t), t**3)
        points = (start, first, second, end)
        yield sum(map(mul, weights, (x for x, _y in points))), sum(map(mul, weights, (y for _x, y in points)))
