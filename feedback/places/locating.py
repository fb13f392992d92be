"""Which reported place a concern belongs to."""

from math import hypot

from boroughs.geography.map_points import AT_PLACE_KM, MapPoint
from boroughs.geography.places import KM_PER_DEGREE, KM_PER_DEGREE_EAST, place_named_in
from boroughs.models.bcus import Borough
from feedback.models.concerns import Concern
from feedback.models.places import DECIMALS, ReportedPlace
from walkandtalk.lib.rows import save_changes

SAME_PLACE_KM = 0.1
"""A point within so many kilometres of a reported place belongs to it."""
BOX = 2 * SAME_PLACE_KM / KM_PER_DEGREE  # half a side, in degrees


def note_place(concern: Concern, point: MapPoint | None, borough_gss: str) -> None:
    """Remember which place the concern is about: the point she chose, or a public place that her words name.

    Without either, an inspector can say it later. A concern that is kept from the BCU belongs to no place, because the
    BCU reads those.
    """
    if concern.nominated_inspector_id is not None:
        return
    if (place := _place_for(concern, point or _named(concern.place, borough_gss))) is not None:
        save_changes(concern, reported_place=place)


def note_corrected_place(concern: Concern, *, was: str, words: str) -> None:
    """Find the place again after she changed its words from `was`.

    A point that someone chose says more than words, so it stays, and an inspector can choose another. Without one, the
    place that the earlier words named counts no longer: the concern is at the one that the new words name, or at none.
    """
    if concern.nominated_inspector_id is not None:
        return
    gss, place = concern.report.borough.gss, concern.reported_place
    named_before = _named(was, gss)
    if place is None or (named_before is not None and _km(place, named_before) <= SAME_PLACE_KM):
        save_changes(concern, reported_place=_place_for(concern, _named(words, gss)))


def _named(words: str, borough_gss: str) -> MapPoint | None:
    named = place_named_in(words, borough_gss)
    return None if named is None else MapPoint(named.lat, named.lon)


def _place_for(concern: Concern, point: MapPoint | None) -> ReportedPlace | None:
    place = None if point is None else place_at(point)
    return place if place is not None and place.bcu_id == concern.bcu_id else None


def place_at(point: MapPoint) -> ReportedPlace | None:
    """Return the reported place nearest to the point, or a new one. None if no BCU polices that point."""
    borough = Borough.objects.filter(gss=point.borough, bcu__isnull=False).first()
    if borough is None or borough.bcu_id is None:
        return None
    box = {"lat__range": (point.lat - BOX, point.lat + BOX), "lon__range": (point.lon - BOX, point.lon + BOX)}
    around = ReportedPlace.objects.filter(bcu=borough.bcu_id, **box)
    nearest = min(around, key=lambda place: _km(place, point), default=None)
    if nearest is not None and _km(nearest, point) <= SAME_PLACE_KM and _is_kept(nearest):
        return nearest
    place, _is_new = ReportedPlace.objects.get_or_create(
        bcu_id=borough.bcu_id,
        lat=round(point.lat, DECIMALS),
        lon=round(point.lon, DECIMALS),
        defaults={"borough": borough, "name": _name(point)},
    )
    return place


def _is_kept(place: ReportedPlace) -> bool:
    """Lock the place, so that it isn't deleted as unused before our concern is saved. Return whether it's still there.

    Taken after the locks of concerns. No other action takes one after it.
    """
    return ReportedPlace.objects.select_for_update(no_key=True).filter(pk=place.pk).first() is not None


def _km(place: ReportedPlace, point: MapPoint) -> float:
    return hypot((place.lat - point.lat) * KM_PER_DEGREE, (place.lon - point.lon) * KM_PER_DEGREE_EAST)


def _name(point: MapPoint) -> str:
    nearest = point.nearby(1)[0]
    return str(nearest.place) if nearest.km < AT_PLACE_KM else f"Near {nearest.place}"
