"""Data for the walk map on the requester's page and the officers' page."""

from typing import Any

from boroughs.geography.map_points import MapPoint, map_file
from boroughs.geography.places import place_named_in
from boroughs.reference import borough_names
from walks.models.walks import Walk

STATIONS_LISTED = 3
STATIONS_IN_VIEW = 2
"""The map opens so far out that it shows these, and writes their names before all others."""


def on_map(walk: Walk, *, borough_gss: str) -> dict[str, Any]:
    """Return the map's context: the map point, or the public place that the text names, or only the borough."""
    point = walk.map_point
    named = place_named_in(walk.meeting_place, borough_gss) if point is None else None
    middle = MapPoint(named.lat, named.lon) if named else point
    stations = middle.nearby(STATIONS_LISTED, "station") if middle else []
    others = [each for each in middle.nearby(5) if each.place.kind != "station"] if middle else []
    borough = (point.borough if point else "") or borough_gss
    return {
        "walk": walk,
        "map_point": point,
        "named": named,
        "about": middle,
        "stations": stations,
        "first": "|".join(str(station.place) for station in stations[:STATIONS_IN_VIEW]),
        "nearby": [each for each in others if each.place != named],
        "borough": borough,
        "borough_name": borough_names()[borough],
        "src": map_file(borough),
    }
