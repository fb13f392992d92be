"""The only place where the status of a booking or a walk changes."""

from django.utils import timezone

from bookings.events import record
from bookings.models.bookings import Booking
from bookings.models.events import Event
from bookings.statuses import STATUSES_TO_ACKNOWLEDGE, EventKind, OfferAnswer, Status
from boroughs.models.officers import Officer
from walkandtalk.lib.errors import TransitionNotAllowed
from walks.models.walks import Walk
from walks.statuses import WalkStatus


def transition_booking(
    booking: Booking, to: Status, *, kind: EventKind, by: Officer | None = None, code: str = "", note: str = ""
) -> Event:
    """The one place where the status of a booking changes. The caller holds the lock."""
    if not booking.may_become(to):
        was = booking.get_status_display().lower()
        raise TransitionNotAllowed(f"This booking is now “{was}”, so it cannot become “{to.label.lower()}”.")
    was_status = booking.status
    booking.status = to
    booking.version += 1
    booking.outcome_code = code
    if to in STATUSES_TO_ACKNOWLEDGE:
        booking.acknowledged_at = booking.contacted_at = booking.informed_at = None
    if booking.answered_at is None and by is not None:
        booking.answered_at = timezone.now()
        booking.first_answered_at = booking.first_answered_at or booking.answered_at
    if to == Status.SCHEDULED or kind == EventKind.OFFER_ACCEPTED:
        booking.times_passed_at = None  # a time of hers is to come again; the event keeps the count
    _close_open_questions(booking, was_status, to)
    booking.save(
        update_fields=[
            "status",
            "version",
            "outcome_code",
            "answered_at",
            "first_answered_at",
            "times_passed_at",
            "walk",
            "walk_needed_at",
            "calendar_sequence",
            "acknowledged_at",
            "contacted_at",
            "informed_at",
        ]
    )
    return record(kind, booking=booking, by=by, from_status=was_status, to_status=to, code=code, note=note)


def _close_open_questions(booking: Booking, was_status: str, to: Status) -> None:
    if was_status == Status.OFFERED:  # what she did not answer cannot be answered any more
        booking.offers.open().update(answer=OfferAnswer.WITHDRAWN, answered_at=timezone.now())
    if was_status == Status.SCHEDULED:
        booking.one_officer_questions.all().withdraw_open()
    if to == Status.SCHEDULED and booking.walk is not None and booking.walk.one_officer_agreed_at is not None:
        reset_one_officer_consent(booking.walk)  # whoever joins has agreed to nothing yet


def transition_walk(walk: Walk, to: WalkStatus, *, kind: EventKind, by: Officer | None = None, code: str = "") -> Event:
    """The one place where the status of a walk changes. The caller holds the lock."""
    if not walk.may_become(to):
        was = walk.get_status_display().lower()
        raise TransitionNotAllowed(f"This walk is now “{was}”, so it cannot become “{to.label.lower()}”.")
    was_status = walk.status
    walk.status = to
    walk.save(update_fields=["status", "started_at", "ended_at"])
    return record(kind, walk=walk, by=by, from_status=was_status, to_status=to, code=code)


def reset_one_officer_consent(walk: Walk) -> None:
    """Its officers or its women are others now: whatever was asked about one officer, or agreed, is over."""
    walk.one_officer_questions.all().withdraw_open()
    walk.one_officer_agreed_at = None
    walk.save(update_fields=["one_officer_agreed_at"])
