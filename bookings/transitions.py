"""The only place where the status of a booking or a walk changes."""

import datetime
from collections.abc import Mapping

from django.utils import timezone

from bookings.events import record
from bookings.models.bookings import Booking
from bookings.models.events import Event
from bookings.statuses import OPEN_STATUSES, STATUSES_TO_ACKNOWLEDGE, EventKind, OfferAnswer, Status
from boroughs.models.officers import Officer
from walkandtalk.lib.errors import TransitionNotAllowed
from walkandtalk.lib.rows import save_changes
from walks.models.walks import Walk
from walks.planning.plans import keep_officers_until_end
from walks.statuses import WalkStatus


def transition_booking(
    booking: Booking,
    to: Status,
    *,
    kind: EventKind,
    by: Officer | None = None,
    code: str = "",
    note: str = "",
    changes: Mapping[str, object] | None = None,
) -> Event:
    """Change the status of a booking and its dependent rows, and record the event. The caller holds the lock.

    `changes` are other columns of the booking that the same event changes. They are saved with the status.
    """
    if not booking.may_become(to):
        status = booking.get_status_display().lower()
        raise TransitionNotAllowed(f"This booking is now “{status}”, so it cannot become “{to.label.lower()}”.")
    old_status, now = booking.status, timezone.now()
    columns: dict[str, object] = {"status": to, "version": booking.version + 1, "outcome_code": code}
    if booking.answered_at is None and by is not None:
        columns["answered_at"] = now
        _record_first_answer(booking, now)
    if to == Status.SCHEDULED or kind == EventKind.OFFER_ACCEPTED:
        columns["times_passed_at"] = None  # a new time is ahead; the figures count the event
    save_changes(booking, **(columns | dict(changes or {})))
    if to in STATUSES_TO_ACKNOWLEDGE and old_status in OPEN_STATUSES:  # to correct an ending is no news
        reset_acknowledgement(booking)
    _close_open_questions(booking, old_status, to)
    return record(kind, booking=booking, by=by, from_status=old_status, to_status=to, code=code, note=note)


def _record_first_answer(booking: Booking, at: datetime.datetime) -> None:
    """Record when the requester was first answered. Later answers do not change it."""
    if booking.response_target.first_answered_at is None:
        save_changes(booking.response_target, first_answered_at=at)


def reset_acknowledgement(booking: Booking) -> None:
    """Clear the acknowledgement, because there is news that the requester has neither seen nor been told."""
    save_changes(booking.acknowledgement, acknowledged_at=None, contacted_at=None, informed_at=None)


def _close_open_questions(booking: Booking, old_status: str, to: Status) -> None:
    if old_status == Status.OFFERED:  # unanswered offers have ended
        booking.offers.open().update(answer=OfferAnswer.WITHDRAWN, answered_at=timezone.now())
    if old_status == Status.SCHEDULED:
        booking.one_officer_questions.all().withdraw_open()
    joins_walk = to == Status.SCHEDULED and old_status in OPEN_STATUSES
    if joins_walk and booking.walk is not None and booking.walk.one_officer_agreed_at is not None:
        reset_one_officer_consent(booking.walk)  # the requester who joins has not agreed yet


def transition_walk(
    walk: Walk,
    to: WalkStatus,
    *,
    kind: EventKind,
    by: Officer | None = None,
    code: str = "",
    changes: Mapping[str, object] | None = None,
) -> Event:
    """Change the status of a walk and the columns in `changes`, and record the event. The caller holds the lock.

    Once it has ended, its officers are free again after the gap. The caller then holds their locks too. What an earlier
    press could undo ends with this change, unless `changes` says until when this one can be undone.
    """
    if not walk.may_become(to):
        status = walk.get_status_display().lower()
        raise TransitionNotAllowed(f"This walk is now “{status}”, so it cannot become “{to.label.lower()}”.")
    old_status = walk.status
    had_ended = walk.ended_at is not None
    save_changes(walk, **{"status": to, "undo_until": None, **(changes or {})})
    if had_ended or walk.ended_at is not None:
        keep_officers_until_end(walk)
    return record(kind, walk=walk, by=by, from_status=old_status, to_status=to, code=code)


def reset_one_officer_consent(walk: Walk) -> None:
    """Withdraw the one-officer questions and any agreement, because the walk's officers or bookings have changed."""
    walk.one_officer_questions.all().withdraw_open()
    save_changes(walk, one_officer_agreed_at=None)
