"""Points on the team's map, as exact as the reader may know (docs/rules.md#need-to-know)."""

from dataclasses import dataclass

from boroughs.geography.boundaries import borough_middle
from boroughs.geography.map_points import MapPoint
from boroughs.geography.places import place_named_in, ward_middle


@dataclass(frozen=True)
class Spot:
    at: str
    """Latitude and longitude, like "51.47,-0.06", or "" if the map shows no point."""
    is_exact: bool
    """Whether it is the meeting place, and not the middle of a ward or a borough."""


@dataclass(frozen=True)
class Area:
    """The ward and the borough of a row, by their ONS codes, and whether the map shows that borough."""

    ward: str
    borough: str
    is_on_map: bool

    def middle(self) -> Spot:
        """Return the middle of the ward or, if we know none, of the borough."""
        at = ward_middle(self.ward) or borough_middle(self.borough)
        return Spot(at if self.is_on_map else "", is_exact=False)

    def spot_of(self, place: str, point: MapPoint | None) -> Spot:
        """Return the point on the map, or the public place that the words name, or else the middle of the area."""
        if point is None and (named := place_named_in(place, self.borough)) is not None:
            point = MapPoint(named.lat, named.lon)
        return Spot(str(point), is_exact=True) if point is not None and self.is_on_map else self.middle()
