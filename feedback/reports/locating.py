"""The places that reports name."""

from boroughs.geography.map_points import MapPoint
from feedback.models.concerns import Concern


def note_place(concern: Concern, point: MapPoint | None, borough_gss: str) -> None:
    """Note where a concern is. Nothing is kept yet: a point may only be stored encrypted."""
