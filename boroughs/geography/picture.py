"""The picture of London on which public pages show points: one drawing, of which a page shows a part."""

from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache
from itertools import pairwise

from boroughs.geography.boundaries import Line, Shape, borough_shapes
from boroughs.geography.places import KM_PER_DEGREE, KM_PER_DEGREE_EAST

FILE = "map/london.svg"
PER_KM = 32
"""Units of the drawing in a kilometre, so the smallest step is about 30 metres."""
HIGHEST = 0.8
"""The height of a part of the picture, at most, as a share of its width."""
MARGIN_KM = 1.2


@dataclass(frozen=True)
class Box:
    """A part of the picture, in its own units."""

    left: int
    top: int
    width: int
    height: int

    @property
    def view_box(self) -> str:
        return f"{self.left} {self.top} {self.width} {self.height}"


def to_picture(lat: float, lon: float) -> tuple[int, int]:
    """Return where a latitude and longitude is in the picture, across and down."""
    west, north = _corner()
    return round((lon - west) * KM_PER_DEGREE_EAST * PER_KM), round((north - lat) * KM_PER_DEGREE * PER_KM)


def box_around(boroughs: Iterable[str]) -> Box:
    """Return the part of the picture that shows these boroughs, by their ONS codes."""
    wanted = set(boroughs)
    shapes = [shape for shape in borough_shapes() if shape.properties["gss"] in wanted]
    points = [to_picture(lat, lon) for shape in shapes for line in shape.lines for lon, lat in line]
    margin = round(MARGIN_KM * PER_KM)
    left, top = (min(point[axis] for point in points) - margin for axis in (0, 1))
    right, bottom = (max(point[axis] for point in points) + margin for axis in (0, 1))
    width = max(right - left, round((bottom - top) / HIGHEST))
    return Box((left + right - width) // 2, top, width, bottom - top)


@cache
def whole_box() -> Box:
    return box_around(str(shape.properties["gss"]) for shape in borough_shapes())


@cache
def names_on_map() -> dict[str, tuple[str, tuple[int, int]]]:
    """Return by ONS code the name of each borough and where it is written."""
    return {
        shape.properties["gss"]: (shape.properties["name"], to_picture(lat, lon))
        for shape in borough_shapes()
        for lon, lat in [shape.properties["label"]]
    }


def path(lines: Iterable[Line], *, is_area: bool) -> str:
    """Return lines as SVG path data, without the steps that are too small to see."""
    return "".join(_steps(line, is_area=is_area) for line in lines)


def area_km2(shape: Shape) -> float:
    """Return the area of the shape's rings, roughly."""
    return sum(abs(_twice_area(line)) for line in shape.lines) / 2 / PER_KM**2


def _twice_area(line: Line) -> float:
    points = [to_picture(lat, lon) for lon, lat in line]
    return sum(x1 * y2 - x2 * y1 for (x1, y1), (x2, y2) in pairwise(points))


def _steps(line: Line, *, is_area: bool) -> str:
    points = list(dict.fromkeys(to_picture(lat, lon) for lon, lat in line))
    if len(points) < (3 if is_area else 2):
        return ""
    (x, y), steps = points[0], []
    for next_x, next_y in points[1:]:
        steps.append(f"{next_x - x},{next_y - y}")
        x, y = next_x, next_y
    return f"M{points[0][0]},{points[0][1]}l{' '.join(steps)}{'z' if is_area else ''}"


@cache
def _corner() -> tuple[float, float]:
    points = [point for shape in borough_shapes() for line in shape.lines for point in line]
    return min(lon for lon, _lat in points), max(lat for _lon, lat in points)
