"""Points on our map, and how to describe them in words."""

from dataclasses import dataclass
from math import atan2, degrees

from django.utils.functional import cached_property
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from boroughs.geography.boundaries import borough_at
from boroughs.geography.places import KM_PER_DEGREE, KM_PER_DEGREE_EAST, Kind, Place, nearest_places
from boroughs.reference import borough_names, units

DECIMALS = 5
"""Decimal places of a degree, which is about a metre."""
DIRECTIONS = (
    *(gettext_lazy("north"), gettext_lazy("north-east"), gettext_lazy("east"), gettext_lazy("south-east")),
    *(gettext_lazy("south"), gettext_lazy("south-west"), gettext_lazy("west"), gettext_lazy("north-west")),
)
AT_PLACE_KM = 0.03
"""Kilometres within which a point counts as the place itself."""

DEFAULT_BOROUGH_GSS = "E09000033"
"""Westminster, for a map when we know no borough."""


def map_file(borough_gss: str) -> str:
    """Return the static file with the map of that borough and its surroundings."""
    return f"map/{borough_gss}.json"


def map_file_of_unit(code: str) -> str:
    """Return the static file with the map of a BCU. One that is not in `data/` has none of its own."""
    return f"map/{code}.json" if any(unit.code == code for unit in units()) else map_file(DEFAULT_BOROUGH_GSS)


class InvalidMapPoint(ValueError):
    """The text names no point in London."""


@dataclass(frozen=True)
class Nearby:
    """A public place, and its distance and direction from a point."""

    place: Place
    km: float
    direction: str

    def __str__(self) -> str:
        if self.km < AT_PLACE_KM:
            return _("%(place)s, here") % {"place": self.place}
        values = {"place": self.place, "metres": _metres(self.km), "direction": self.direction}
        if self.km >= 1:
            return _("%(place)s, about %(km)s km to the %(direction)s") % {**values, "km": f"{self.km:.1f}"}
        return _("%(place)s, about %(metres)s metres to the %(direction)s") % values


@dataclass(frozen=True)
class MapPoint:
    """Latitude and longitude in degrees (WGS84)."""

    lat: float
    lon: float

    @classmethod
    def parse(cls, text: str) -> "MapPoint | None":
        """Read "51.47001,-0.06802", as a form sends it. Return None for an empty text. Raise InvalidMapPoint."""
        if not text.strip():
            return None
        try:
            lat, lon = (round(float(part), DECIMALS) for part in text.split(","))
        except (ValueError, OverflowError):
            raise InvalidMapPoint(text) from None
        map_point = cls(lat, lon)
        if not map_point.borough:
            raise InvalidMapPoint(text)
        return map_point

    @classmethod
    def from_list(cls, kept: list[float] | None) -> "MapPoint | None":
        """Read [latitude, longitude], as the database has it."""
        return cls(*kept) if kept else None

    @property
    def as_list(self) -> list[float]:
        return [self.lat, self.lon]

    def __str__(self) -> str:
        return f"{self.lat:.5f},{self.lon:.5f}"

    @cached_property
    def borough(self) -> str:
        """The ONS code of the borough, or "" outside London. NaN is in no borough."""
        return borough_at(self.lat, self.lon)

    @property
    def borough_name(self) -> str:
        return borough_names().get(self.borough, "")

    def nearby(self, count: int = 4, kind: Kind | None = None) -> list[Nearby]:
        """Return public places around the point, or those of one kind, nearest first."""
        return [self._nearby(place) for place in nearest_places(self.lat, self.lon, count, kind)]

    def _nearby(self, place: Place) -> Nearby:
        north, east = (place.lat - self.lat) * KM_PER_DEGREE, (place.lon - self.lon) * KM_PER_DEGREE_EAST
        eighth = round(degrees(atan2(east, north)) / 45) % 8
        return Nearby(place, place.km_from(self.lat, self.lon), str(DIRECTIONS[eighth]))

    @property
    def near(self) -> str:
        """ "near Peckham Rye station, Southwark". Always with the borough, because a point may be in another one."""
        return _("near %(place)s, %(borough)s") % {"place": self.nearby(1)[0].place, "borough": self.borough_name}


def _metres(km: float) -> int:
    return max(50, round(km * 20) * 50)
