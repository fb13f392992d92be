"""Points on the team's map, as exact as the reader may know (docs/rules.md#need-to-know)."""

from dataclasses import dataclass

from boroughs.geography.boundaries import borough_middle
from boroughs.geography.map_points import MapPoint
from boroughs.geography.places import place_named_in, ward_middle


@dataclass(frozen=True)
class Spot:
    at: str
    """Latitude and longitude, like "51.47,-0.06", or "" if there is no point to show."""
    is_exact: bool
    """Whether it is the meeting place, and not the middle of a ward or a borough."""


ELSEWHERE = Spot("", is_exact=False)
"""A place in another BCU, which the map doesn't show."""


def area_spot(*, ward_gss: str, borough_gss: str) -> Spot:
    """Return the middle of the ward or, if we know none, of the borough."""
    return Spot(ward_middle(ward_gss) or borough_middle(borough_gss), is_exact=False)


def place_spot(place: str, point: MapPoint | None, *, ward_gss: str, borough_gss: str) -> Spot:
    """Return the point on the map, or the public place that the words name, or else the middle of the area."""
    if point is not None:
        return Spot(str(point), is_exact=True)
    named = place_named_in(place, borough_gss)
    if named is not None:
        return Spot(str(MapPoint(named.lat, named.lon)), is_exact=True)
    return area_spot(ward_gss=ward_gss, borough_gss=borough_gss)
