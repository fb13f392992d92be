"""The code after `?from=`, which says on which poster a requester found us (docs/decisions/poster.md)."""

from django.db.models import QuerySet, Value
from django.db.models.functions import Concat

from boroughs.models.bcus import Borough, BoroughCommandUnit
from boroughs.models.posters import PosterPlace


def is_source(code: str) -> bool:
    """Return whether we ever printed this code: that of an area, or of a place where a poster hangs or hung."""
    return any(_names(code))


def source_name(code: str) -> str:
    """Return the name of the area or place with that code, or the code itself if none has it now."""
    return next(iter(_names(code)), (code,))[0] if code else ""


def _names(code: str) -> QuerySet[Borough, tuple[str]]:
    """Return the name, in one query: it is read whenever someone opens a booking."""
    place = Concat("name", Value(", "), "borough__name")
    return Borough.objects.filter(slug=code).values_list("name").union(
        BoroughCommandUnit.objects.filter(slug=code).values_list("name"),
        PosterPlace.objects.filter(code=code).values_list(place),
    )  # fmt: skip
