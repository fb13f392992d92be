"""Actions of inspectors who hang up posters and take them down."""

import secrets

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.utils import timezone

from boroughs.models.bcus import Borough
from boroughs.models.officers import Officer
from boroughs.models.posters import PosterPlace
from boroughs.posters.permissions import can_make_posters_of
from boroughs.posters.sources import is_source
from walkandtalk.lib.errors import require
from walkandtalk.lib.rows import save_changes

LETTERS = "bcdfghjkmnpqrstvwxz23456789"
"""No vowels, which could spell a word, and nothing that looks like another letter."""
LENGTH = 3
LONGEST_CODE = 50  # as in the column of a booking


@transaction.atomic
def make_poster_place(borough: Borough, name: str, *, by: Officer) -> PosterPlace:
    """Return the place, with a code of its own. A place whose poster hangs keeps its code."""
    if borough.bcu is None or not can_make_posters_of(by, borough.bcu):
        raise PermissionDenied
    place, _is_new = PosterPlace.objects.get_or_create(
        borough=borough,
        name=name,
        taken_down_at=None,
        defaults={"bcu": borough.bcu, "code": _new_code(borough), "made_by": by},
    )
    return place


@transaction.atomic
def take_down_poster(place: PosterPlace, *, by: Officer) -> None:
    """Record that the poster hangs no longer. Its code still reads, for whoever kept a picture of it."""
    require(can_make_posters_of(by, place.bcu))
    locked = PosterPlace.objects.select_for_update().get(pk=place.pk)
    if locked.taken_down_at is None:
        save_changes(locked, taken_down_at=timezone.now())


def _new_code(borough: Borough) -> str:
    """Return an unused code. It names the borough, as the page's address does, and nothing nearer."""
    while True:
        ending = "".join(secrets.choice(LETTERS) for _ in range(LENGTH))
        code = f"{borough.slug[: LONGEST_CODE - LENGTH - 1]}-{ending}"
        if not is_source(code):
            return code
