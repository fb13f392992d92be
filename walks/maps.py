"""What the page with the map of a walk shows: to her, and to the officers."""

from typing import Any

from boroughs.geography.map_points import Pin, map_file
from boroughs.geography.places import place_named_in
from boroughs.reference import borough_names
from walks.models.walks import Walk


def on_map(walk: Walk, *, borough_gss: str) -> dict[str, Any]:
    """Her pin; where there is none the public place that the words name; and else no more than the borough."""
    pin = walk.spot
    named = place_named_in(walk.meeting_place, borough_gss) if pin is None else None
    middle = Pin(named.lat, named.lon) if named else pin
    borough = (pin.borough if pin else "") or borough_gss
    return {
        "walk": walk,
        "pin": pin,
        "named": named,
        "about": middle,
        "nearby": [each for each in middle.nearby(5) if each.place != named] if middle else [],
        "borough": borough,
        "borough_name": borough_names()[borough],
        "src": map_file(borough),
    }
