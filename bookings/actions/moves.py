"""Locks, moves and history: the one place where a status changes.

Order of locks everywhere: officers by id, walk, bookings by id, messages (docs/rules.md#lock-order).
"""

from collections.abc import Collection, Iterator
from contextlib import contextmanager

from django.core.exceptions import PermissionDenied
from django.db import Error, connection
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext as _

from bookings.models import Booking, Event, Offer, StandingWalk, Walk
from bookings.statuses import NEWS, EventKind, OfferAnswer, Status, WalkStatus
from boroughs.models import Officer

EXCLUSION_VIOLATION, DEADLOCK_DETECTED, LOCK_NOT_AVAILABLE = "23P01", "40P01", "55P03"
JUST_TAKEN = frozenset({EXCLUSION_VIOLATION, DEADLOCK_DETECTED, LOCK_NOT_AVAILABLE})


class BookingError(Exception):
    """Something that cannot be done, in a sentence for the person who asked for it."""


class MoveNotAllowed(BookingError):
    """It has moved on since the page was shown."""


class OfficerTaken(BookingError):
    """Somebody else was given one of these officers first."""

    def __init__(self) -> None:
        super().__init__(
            "One of these officers has just been given another walk at that time. "
            "Choose other officers or another time."
        )


@contextmanager
def officers_taken_is_said() -> Iterator[None]:
    """Turn what PostgreSQL says of two people at once into a sentence. Goes outside `atomic()`."""
    try:
        yield
    except Error as error:
        if getattr(error.__cause__, "pgcode", None) not in JUST_TAKEN:
            raise
        raise OfficerTaken from error


def wait_at_most_3_seconds() -> None:
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL lock_timeout = '3s'")


def require(allowed: bool) -> None:
    if not allowed:
        raise PermissionDenied


def lock_officers(officers: Collection[Officer]) -> list[Officer]:
    """Hold these officers, by id, so that two inspectors meet at the first one and never in a deadlock."""
    rows = Officer.objects.select_for_update(no_key=True).select_related(None)
    return list(rows.filter(pk__in=[officer.pk for officer in officers]).order_by("pk"))


def lock_walk(walk: Walk) -> None:
    walk.refresh_from_db(from_queryset=Walk.objects.select_for_update(no_key=True))


def lock_booking(booking: Booking) -> None:
    """Read the row afresh and hold it. What was read with it, but for its BCU, is read again when it is asked for."""
    rows = Booking.objects.select_for_update(no_key=True, of=("self",)).select_related("bcu")
    booking.refresh_from_db(from_queryset=rows)


def lock_walks_of(booking: Booking) -> list[Walk]:
    """Hold her walk, and the one that was broken off, by id."""
    walks = {walk.pk: walk for walk in (booking.walk, booking.cut_short_walk) if walk is not None}
    held = [walks[pk] for pk in sorted(walks)]
    for walk in held:
        lock_walk(walk)
    return held


def lock_bookings_of(walk: Walk) -> list[Booking]:
    """Every booking that still counts on this walk being held, by id."""
    rows = Booking.objects.select_for_update(no_key=True, of=("self",)).select_related("bcu", "handler__bcu", "contact")
    return list(rows.filter(walk=walk, status=Status.SCHEDULED).order_by("pk"))


def lock_women_of(walk: Walk, *, besides: Booking | None = None) -> list[Booking]:
    """The bookings on this walk, those that may still say yes to a place on it, and this one: all by id."""
    offered = Offer.objects.filter(walk=walk, answer="").values("booking")
    hers = Q(walk=walk, status=Status.SCHEDULED) | Q(pk__in=offered, status=Status.OFFERED)
    if besides is not None:
        hers |= Q(pk=besides.pk)
    rows = Booking.objects.select_for_update(no_key=True, of=("self",)).select_related("bcu", "handler__bcu", "contact")
    return list(rows.filter(hers).order_by("pk"))


def lock_booking_with_walk(booking: Booking) -> Walk | None:
    """Hold her officers, then her walk, then her booking: the way to anything that may let officers go."""
    walk = Walk.objects.filter(bookings=booking).select_related("bcu").first()
    if walk is not None:
        lock_officers(walk.live_officers())
        lock_walk(walk)
    lock_booking(booking)
    if booking.walk_id != (walk.pk if walk else None):
        raise MoveNotAllowed(_("Something has changed at this very moment. Look at it again, then press once more."))
    return walk


def move_booking(
    booking: Booking, to: Status, *, kind: EventKind, by: Officer | None = None, code: str = "", note: str = ""
) -> Event:
    """The one place where the status of a booking changes. The caller holds the lock."""
    if not booking.may_become(to):
        was = booking.get_status_display().lower()
        raise MoveNotAllowed(f"This booking is now “{was}”, so it cannot become “{to.label.lower()}”.")
    was_status = booking.status
    booking.status = to
    booking.version += 1
    booking.outcome_code = code
    if to in NEWS:
        booking.seen_at = booking.reached_at = booking.told_at = None
    if booking.answered_at is None and by is not None:
        booking.answered_at = timezone.now()
        booking.first_answered_at = booking.first_answered_at or booking.answered_at
    if to == Status.SCHEDULED or kind == EventKind.OFFER_ACCEPTED:
        booking.choices_passed_at = None  # a time of hers is to come again; the event keeps the count
    if was_status == Status.OFFERED:  # what she did not answer cannot be answered any more
        booking.offers.open().update(answer=OfferAnswer.WITHDRAWN, answered_at=timezone.now())
    if was_status == Status.SCHEDULED:
        booking.one_officer_questions.all().take_back()
    if to == Status.SCHEDULED and booking.walk is not None and booking.walk.one_officer_at is not None:
        officers_are_to_be_settled(booking.walk)  # whoever joins has agreed to nothing yet
    booking.save(
        update_fields=[
            "status",
            "version",
            "outcome_code",
            "answered_at",
            "first_answered_at",
            "choices_passed_at",
            "walk",
            "needed_at",
            "calendar_sequence",
            "seen_at",
            "reached_at",
            "told_at",
        ]
    )
    return record(kind, booking=booking, by=by, was=was_status, to=to, code=code, note=note)


def move_walk(walk: Walk, to: WalkStatus, *, kind: EventKind, by: Officer | None = None, code: str = "") -> Event:
    """The one place where the status of a walk changes. The caller holds the lock."""
    if not walk.may_become(to):
        was = walk.get_status_display().lower()
        raise MoveNotAllowed(f"This walk is now “{was}”, so it cannot become “{to.label.lower()}”.")
    was_status = walk.status
    walk.status = to
    walk.save(update_fields=["status", "started_at", "ended_at"])
    return record(kind, walk=walk, by=by, was=was_status, to=to, code=code)


def officers_are_to_be_settled(walk: Walk) -> None:
    """Its officers or its women are others now: whatever was asked about one officer, or agreed, is over."""
    walk.one_officer_questions.all().take_back()
    walk.one_officer_at = None
    walk.save(update_fields=["one_officer_at"])


def record(
    kind: EventKind,
    *,
    booking: Booking | None = None,
    walk: Walk | None = None,
    standing: StandingWalk | None = None,
    by: Officer | None = None,
    was: str = "",
    to: str = "",
    code: str = "",
    note: str = "",
) -> Event:
    row = booking or walk
    return Event.objects.create(
        kind=kind,
        booking=booking,
        walk=walk,
        standing=standing,
        by=by,
        from_status=was,
        to_status=to,
        code=code,
        note=note,
        edition=row.edition if row else None,
    )
