"""Meeting places to suggest: public places in the borough; after dark, places with light and people first."""

from collections.abc import Sequence
from dataclasses import dataclass

from boroughs.geography.map_points import MapPoint
from boroughs.geography.places import Place, meeting_places
from boroughs.models.bcus import Borough, Ward
from walkandtalk.lib import london
from walks.planning.suggestions import Slot

SHOWN = 6
AFTER_DARK = {"station": "Lit, with people about", "library": "Lit while it is open", "park": "May close at dusk"}


@dataclass(frozen=True)
class SuggestedPlace:
    place: Place
    note: str

    def __str__(self) -> str:
        return str(self.place)

    @property
    def point(self) -> MapPoint:
        return MapPoint(self.place.lat, self.place.lon)


def is_after_dark(slot: Slot) -> bool:
    """Return whether any part of the walk is before sunrise or after sunset."""
    return any(london.is_dark(moment) for moment in slot.span)


def suggest_meeting_places(borough: Borough, ward: Ward | None, slot: Slot | None) -> list[SuggestedPlace]:
    """Return the places nearest to the requester's ward. By day all kinds are equal; after dark stations come first."""
    places = meeting_places(borough.gss, ward.gss if ward else None)
    if slot is None or not is_after_dark(slot):
        return [SuggestedPlace(place, "") for place in _interleave_kinds(places)[:SHOWN]]
    order = list(AFTER_DARK)
    return [
        SuggestedPlace(place, AFTER_DARK[place.kind])
        for place in sorted(places, key=lambda p: order.index(p.kind))[:SHOWN]
    ]


def _interleave_kinds(places: Sequence[Place]) -> list[Place]:
    """Take one place of each kind in turn."""
    by_kind = [[place for place in places if place.kind == kind] for kind in AFTER_DARK]
    longest = max(map(len, by_kind))
    return [kind[number] for number in range(longest) for kind in by_kind if number < len(kind)]
