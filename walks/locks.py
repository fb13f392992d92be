"""Locks on officers and walks. Lock order everywhere: officers by id, walks by id, bookings by id, messages."""

from collections.abc import Collection, Iterator
from contextlib import contextmanager

from django.db import Error, connection, transaction

from boroughs.models.officers import Officer
from walkandtalk.lib.errors import ActionError
from walks.models.walks import Walk

EXCLUSION_VIOLATION, DEADLOCK_DETECTED, LOCK_NOT_AVAILABLE = "23P01", "40P01", "55P03"
CONFLICT_CODES = frozenset({EXCLUSION_VIOLATION, DEADLOCK_DETECTED, LOCK_NOT_AVAILABLE})


class OfficerNotAvailable(ActionError):
    """One of these officers has just been assigned to another walk."""

    def __init__(self) -> None:
        super().__init__(
            "One of these officers has just been given another walk at that time. "
            "Choose other officers or another time."
        )


@contextmanager
def raise_officer_not_available() -> Iterator[None]:
    """Raise OfficerNotAvailable for database errors caused by concurrent actions. Use outside `atomic()`."""
    try:
        yield
    except Error as error:
        if getattr(error.__cause__, "pgcode", None) not in CONFLICT_CODES:
            raise
        raise OfficerNotAvailable from error


@contextmanager
def all_or_in_use(message: str) -> Iterator[None]:
    """Do everything in this block or nothing. Raise ActionError with this message if someone holds one of the rows."""
    try:
        with transaction.atomic():
            set_lock_timeout()
            yield
    except Error as error:
        if getattr(error.__cause__, "pgcode", None) not in CONFLICT_CODES:
            raise
        raise ActionError(message) from error


def set_lock_timeout() -> None:
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL lock_timeout = '3s'")


def lock_officers(officers: Collection[Officer]) -> list[Officer]:
    """Lock these officers in order of id, so that two inspectors cannot deadlock."""
    rows = Officer.objects.select_for_update(no_key=True).select_related(None)
    return list(rows.filter(pk__in=[officer.pk for officer in officers]).order_by("pk"))


def lock_walk(walk: Walk) -> None:
    walk.refresh_from_db(from_queryset=Walk.objects.select_for_update(no_key=True))


def lock_walk_with_officers(walk: Walk) -> None:
    """Lock the walk's officers, then the walk."""
    lock_officers(walk.live_officers())
    lock_walk(walk)
