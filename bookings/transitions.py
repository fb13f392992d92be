"""The only place where the status of a booking or a walk changes."""

from django.utils import timezone

from bookings.events import record
from bookings.models.bookings import Booking
from bookings.models.events import Event
from bookings.statuses import NEWS, EventKind, OfferAnswer, Status
from boroughs.models.officers import Officer
from walkandtalk.lib.errors import MoveNotAllowed
from walks.models.walks import Walk
from walks.statuses import WalkStatus


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
