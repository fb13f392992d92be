"""“You said, we did”: published improvements as a list, and as points on the picture of London."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from math import dist

from boroughs.geography.picture import Box, box_around, names_on_map, to_picture, whole_box
from feedback.models.improvements import Improvement

MOST_SHOWN = 30
"""The page has the newest. The open data have all."""
DOT_SHARE = 0.022
"""The radius of a point, as a share of the width of the map."""


@dataclass(frozen=True)
class Dot:
    """A point on the map with the numbers of its improvements."""

    numbers: str
    x: int
    y: int
    radius: int

    @property
    def left(self) -> int:
        return self.x - self.width // 2

    @property
    def top(self) -> int:
        return self.y - self.radius

    @property
    def width(self) -> int:
        return round(self.radius * max(2, 0.6 + 0.7 * len(self.numbers)))

    @property
    def height(self) -> int:
        return 2 * self.radius


@dataclass(frozen=True)
class Name:
    text: str
    x: int
    y: int


@dataclass(frozen=True)
class Change:
    """A published improvement, with its number on the map if it is there."""

    improvement: Improvement
    number: int | None


@dataclass(frozen=True)
class ChangesMap:
    box: Box
    dots: list[Dot]
    names: list[Name]

    text_size: int


def number_changes(improvements: Sequence[Improvement]) -> list[Change]:
    """Number those on the map from 1, in the order of the list."""
    changes, number = [], 0
    for improvement in improvements:
        is_on_map = improvement.on_public_map is not None
        number += is_on_map
        changes.append(Change(improvement, number if is_on_map else None))
    return changes


def draw_map(changes: Sequence[Change], boroughs: Collection[str]) -> ChangesMap | None:
    """Return the map of these boroughs, by ONS code, or of all of London if there are none. None without a point."""
    placed = [(each, place) for each in changes if (place := each.improvement.on_public_map) is not None]
    if not placed:
        return None
    box = box_around(boroughs) if boroughs else whole_box()
    radius = round(box.width * DOT_SHARE)
    spots = [(str(each.number), to_picture(place.lat, place.lon)) for each, place in placed]
    names = [Name(name, x, y) for gss, (name, (x, y)) in names_on_map().items() if gss in boroughs]
    return ChangesMap(box, _dots(spots, radius), names, text_size=round(radius * 1.15))


def _dots(spots: Sequence[tuple[str, tuple[int, int]]], radius: int) -> list[Dot]:
    """Return a dot for each spot, or one for several that would hide each other."""
    groups: list[tuple[tuple[int, int], list[str]]] = []
    for number, spot in spots:
        for first, numbers in groups:
            if dist(first, spot) < 2 * radius:
                numbers.append(number)
                break
        else:
            groups.append((spot, [number]))
    return [Dot(", ".join(numbers), *spot, radius) for spot, numbers in groups]
