"""London's places by name, and public places where a walk can begin, all from `data/`."""

from collections import defaultdict
from dataclasses import dataclass
from functools import cache
from heapq import nsmallest
from itertools import chain
from math import cos, hypot, radians
from typing import Literal

from boroughs.reference import borough_names, rows
from walkandtalk.lib.words import folded_words

Kind = Literal["borough", "neighbourhood", "area", "ward", "station", "library", "park"]

# The order of equally good matches: the names that people use for where they live come first.
KINDS: tuple[Kind, ...] = ("borough", "neighbourhood", "area", "ward", "station", "library", "park")
_LONGEST_TYPED = 80
_LARGE_PARK = 2.0  # hectares; the basemap draws no smaller ones
KM_PER_DEGREE = 111.32
KM_PER_DEGREE_EAST = KM_PER_DEGREE * cos(radians(51.5))


@dataclass(frozen=True, slots=True)
class Place:
    name: str
    kind: Kind
    borough: str
    borough_name: str
    ward: str
    lat: float
    lon: float
    size: float = 0.0

    def __str__(self) -> str:
        """The name as people say it. "station" is added, because its name is often the neighbourhood's too."""
        named = self.kind != "station" or self.name.lower().endswith("station")
        return self.name if named else f"{self.name} station"

    @property
    def with_borough(self) -> str:
        """The name in a list of places from all over London."""
        return str(self) if self.kind == "borough" else f"{self}, {self.borough_name}"

    def km_from(self, lat: float, lon: float) -> float:
        return hypot((self.lat - lat) * KM_PER_DEGREE, (self.lon - lon) * KM_PER_DEGREE_EAST)


def search_places(text: str, limit: int = 20) -> list[Place]:
    """Return places whose names have words that start with the typed words. A borough's name may narrow the search."""
    words = folded_words(text[:_LONGEST_TYPED])
    if not words:
        return []
    query = " " + " ".join(words)
    matches: dict[tuple[str, str], Place] = {}
    for name, name_and_borough, place in _index():
        if all(f" {word}" in name_and_borough for word in words) and any(f" {word}" in name for word in words):
            # Keep the first kind: a neighbourhood, an area and a ward with one name in one borough are one match.
            matches.setdefault((name, place.borough), place)
    best = sorted(matches, key=lambda key: (key[0] != query, not key[0].startswith(query), _rank(matches[key]), key[0]))
    return [matches[key] for key in best[:limit]]


def named_places() -> list[Place]:
    """Return every place that a search can find. A name occurs once in a borough, with its first kind."""
    found: dict[tuple[str, str], Place] = {}
    for name, _name_and_borough, place in _index():
        found.setdefault((name, place.borough), place)
    return list(found.values())


def places_called(text: str) -> list[Place]:
    """Return the places with exactly this name, alone or with its borough. A borough has at most one of them."""
    return list(_by_name().get("".join(f" {word}" for word in folded_words(text[:_LONGEST_TYPED])), {}).values())


def best_known_places() -> list[Place]:
    """Return the boroughs and neighbourhoods, for a list that a browser shows without JavaScript."""
    return [place for place in named_places() if place.kind in ("borough", "neighbourhood")]


def place_with_borough(text: str) -> Place | None:
    """Return the place whose listed name is exactly this text, if any."""
    return next((place for place in named_places() if place.with_borough == text), None) if text else None


@cache
def meeting_places(borough_gss: str, near: str | None = None, limit: int = 12) -> tuple[Place, ...]:
    """Return stations (half of them), libraries and parks of a borough, nearest to a ward first.

    `near` is the ward's ONS code. Without it, the stations with the most lines and the largest parks come first,
    because most people know those.
    """
    stations, libraries, parks = (_of_kind(kind, borough_gss, near) for kind in ("station", "library", "park"))
    quarter = limit // 4
    places = [*stations[: limit - 2 * quarter], *libraries[:quarter], *parks[:quarter]]
    spare = [place for place in chain(stations, libraries, parks) if place not in places]
    places += spare[: limit - len(places)]
    return tuple(sorted(places, key=_rank))


def nearest_places(lat: float, lon: float, count: int, kind: Kind | None = None) -> list[Place]:
    """Return stations, libraries and parks around a point, or one of these kinds, nearest first in any borough."""
    places = (place for place in _meeting_places() if kind in (None, place.kind))
    return nsmallest(count, places, key=lambda place: place.km_from(lat, lon))


def place_named_in(text: str, borough_gss: str) -> Place | None:
    """Return the public place of that borough that the text names, if any. The longest name wins."""
    padded_text = f" {' '.join(folded_words(text))} "
    places = [place for place in _meeting_places() if place.borough == borough_gss]
    named = [place for place in places if f" {' '.join(folded_words(str(place)))} " in padded_text]
    return max(named, key=lambda place: len(str(place)), default=None)


def public_places(borough_gss: str, near: tuple[float, float] | None = None) -> list[Place]:
    """Return the stations, libraries and parks of a borough, nearest to a latitude and longitude first, or by name."""
    places = [place for place in _meeting_places() if place.borough == borough_gss]
    if near is None:
        return sorted(places, key=str)
    return sorted(places, key=lambda place: place.km_from(*near))


def public_place(name: str, borough_gss: str) -> Place | None:
    """Return the station, library or park of a borough with exactly this name."""
    return _public_places_by_name().get((borough_gss, name))


def ward_middle(ward_gss: str) -> str:
    """Return the latitude and longitude of the ward's middle, like "51.47,-0.06", or ""."""
    middle = _ward_middles().get(ward_gss)
    return f"{middle[0]},{middle[1]}" if middle else ""


def places_for_maps() -> list[Place]:
    """Return the places that our map names, most important first: neighbourhoods, stations, parks, libraries."""
    neighbourhoods = [place for _name, _borough, place in _index() if place.kind == "neighbourhood"]
    stations, libraries, parks = (
        [place for place in _meeting_places() if place.kind == kind] for kind in ("station", "library", "park")
    )
    parks.sort(key=lambda park: -park.size)
    large = [park for park in parks if park.size >= _LARGE_PARK]
    return [*neighbourhoods, *stations, *large, *libraries]


def warm() -> None:
    """Read the files now, so that no visitor waits for them."""
    _by_name()
    _meeting_places()
    _ward_middles()


def _of_kind(kind: Kind, borough_gss: str, near: str | None) -> list[Place]:
    places = [place for place in _meeting_places() if place.kind == kind and place.borough == borough_gss]
    middle = _ward_middles().get(near or "")
    if middle is None:
        return sorted(places, key=lambda place: (-place.size, place.name))
    return sorted(places, key=lambda place: place.km_from(*middle))


def _rank(place: Place) -> int:
    return KINDS.index(place.kind)


@cache
def _index() -> list[tuple[str, str, Place]]:
    places = (_place(row, kind=_kind(row["type"])) for row in rows("places.csv"))
    index = []
    for place in sorted(places, key=_rank):
        name = " " + " ".join(folded_words(str(place)))
        index.append((name, f"{name} {' '.join(folded_words(place.borough_name))}", place))
    return index


@cache
def _by_name() -> dict[str, dict[str, Place]]:
    """Return the places by name, alone and with their borough, then by borough."""
    places: dict[str, dict[str, Place]] = defaultdict(dict)
    for name, name_and_borough, place in _index():
        for known_as in (name, name_and_borough):
            places[known_as].setdefault(place.borough, place)
    return dict(places)


@cache
def _meeting_places() -> list[Place]:
    stations = [_place(row, "station", size=row["modes"].count("|")) for row in rows("stations.csv")]
    libraries = [_place(row, "library") for row in rows("libraries.csv")]
    parks = [_place(row, "park", size=float(row["hectares"])) for row in rows("parks.csv")]
    return [*stations, *libraries, *parks]


@cache
def _public_places_by_name() -> dict[tuple[str, str], Place]:
    return {(place.borough, str(place)): place for place in _meeting_places()}


@cache
def _ward_middles() -> dict[str, tuple[float, float]]:
    return {row["gss"]: (float(row["lat"]), float(row["lon"])) for row in rows("wards.csv")}


def _place(row: dict[str, str], kind: Kind, size: float = 0.0) -> Place:
    gss = row["borough"]
    return Place(row["name"], kind, gss, borough_names()[gss], row["ward"], float(row["lat"]), float(row["lon"]), size)


def _kind(text: str) -> Kind:
    return next(kind for kind in KINDS if kind == text)
