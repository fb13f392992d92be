"""Requests for other times, the inspector's answer, and our apology when all the requester's times have passed."""

import datetime

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from bookings.events import record
from bookings.locks import lock_booking, lock_for_decision
from bookings.models.bookings import Booking
from bookings.models.preferred_times import PreferredTime
from bookings.permissions import BookingAction, RequesterAction, available_actions, requester_actions
from bookings.request_form.booking_request import PreferredTimeRequest
from bookings.request_form.confirmation import confirm_booking
from bookings.scheduling.offers.actions import decline_round
from bookings.scheduling.offers.emails import send_team_offer_answered
from bookings.scheduling.preferred_times.emails import (
    send_change_declined,
    send_team_change_requested,
    send_times_changed,
    send_times_passed,
)
from bookings.statuses import INTERPRETED_NEEDS, EventKind, OfferAnswer, Status
from bookings.undo.recording import undoable
from boroughs.models.officers import Officer
from walkandtalk.lib import london
from walkandtalk.lib.errors import TransitionNotAllowed
from walkandtalk.lib.rows import save_changes

LATE_CODE = "late"
"""Code of a change request made when the answer to the earlier request was already late."""


@transaction.atomic
def request_other_times(booking: Booking, *, preferred_time: PreferredTimeRequest) -> None:
    """Ask for other times, or for another place to meet. A scheduled walk is unchanged until an inspector answers.

    This declines open offers, so the booking returns to the queue. It also confirms the booking, because the requester
    has asked herself. A second press of the same request does nothing.
    """
    lock_booking(booking)
    now = timezone.now()
    if RequesterAction.REQUEST_OTHER_TIMES not in requester_actions(booking, now):
        raise TransitionNotAllowed(
            _("You can’t choose other times any more, because something has changed. Look at your page.")
        )
    if _is_unchanged(booking, preferred_time):
        return
    if not _is_allowed(booking, preferred_time):
        raise TransitionNotAllowed(_("One of the times you chose isn’t possible any more. Choose again."))
    confirm_booking(booking)
    code = LATE_CODE if _is_late(booking, now) else ""
    offer = booking.offers.open().first() if booking.status == Status.OFFERED else None
    if offer is not None:
        decline_round(booking, offer)
    _save_preferred_times(booking, preferred_time, now)
    _update_first_answer_due(booking, was_late=bool(code))
    event = record(EventKind.CHANGE_REQUESTED, booking=booking, code=code)
    send_times_changed(booking, event)
    if booking.has_open_change_request:
        send_team_change_requested(booking, event)
    elif offer is not None:
        send_team_offer_answered(booking, event)


def _is_allowed(booking: Booking, preferred_time: PreferredTimeRequest) -> bool:
    """Return whether the times follow the rules for a request, including notice for an interpreter."""
    interpreted, today = bool(INTERPRETED_NEEDS & set(booking.contact.needs)), london.today()
    rules = booking.bcu
    return all(
        rules.takes(time.date, time.start, today=today, with_interpreter=interpreted)
        for time in preferred_time.preferred_times
    )


def _is_unchanged(booking: Booking, preferred_time: PreferredTimeRequest) -> bool:
    current_times = [(time.date, time.start, time.part, time.is_regular) for time in booking.current_preferred_times()]
    other_times = (booking.contact.weekday_evenings, booking.contact.weekends)
    return (
        current_times
        == [(time.date, time.start, time.part, time.is_regular) for time in preferred_time.preferred_times]
        and other_times == (preferred_time.weekday_evenings, preferred_time.weekends)
        and booking.contact.meeting_place == preferred_time.meeting_place
    )


def _is_late(booking: Booking, now: datetime.datetime) -> bool:
    return (booking.answered_at or now) > booking.answer_due_at


def _save_preferred_times(booking: Booking, preferred_time: PreferredTimeRequest, now: datetime.datetime) -> None:
    """Save a new round of preferred times, and restart the response target."""
    first = min(london.to_instant(time.date, time.start) for time in preferred_time.preferred_times)
    walk = booking.walk if booking.status == Status.SCHEDULED else None
    save_changes(
        booking,
        preferred_times_round=booking.preferred_times_round + 1,
        change_requested_at=now if walk else None,
        times_passed_at=None,
        answered_at=None,
        answer_due_at=booking.bcu.answer_due_at(now, first),
        walk_needed_at=min(first, walk.start_at) if walk else first,
        version=booking.version + 1,
    )
    # The requester may have accepted one of our times, which she no longer wants.
    booking.offers.filter(answer=OfferAnswer.YES).update(answer=OfferAnswer.NO)
    contact = booking.contact
    same_place = preferred_time.meeting_place == contact.meeting_place
    save_changes(
        contact,
        weekday_evenings=preferred_time.weekday_evenings,
        weekends=preferred_time.weekends,
        previous_meeting_place=contact.meeting_place,
        meeting_place=preferred_time.meeting_place,
        map_coordinates=contact.map_coordinates if same_place else None,
    )
    PreferredTime.objects.bulk_create(
        PreferredTime(
            booking=booking,
            round=booking.preferred_times_round,
            rank=rank,
            date=time.date,
            start=time.start,
            part=time.part,
            is_regular=time.is_regular,
        )
        for rank, time in enumerate(preferred_time.preferred_times, start=1)
    )


def _update_first_answer_due(booking: Booking, *, was_late: bool) -> None:
    """Move the first response target to the new one if we have not answered yet, unless we missed it already."""
    if booking.response_target.first_answered_at is None and not was_late:
        save_changes(booking.response_target, first_answer_due_at=booking.answer_due_at)


@transaction.atomic
def decline_change_request(booking: Booking, *, by: Officer, version: int, message: str) -> None:
    """Tell the requester that her walk is unchanged. She can still cancel it, or ask again."""
    lock_for_decision(booking, by=by, version=version)
    if booking.walk is None or BookingAction.DECLINE_CHANGE not in available_actions(booking, by, timezone.now()):
        raise TransitionNotAllowed("She’s no longer asking for another time. Check her booking again.")
    with undoable(EventKind.CHANGE_DECLINED, booking, by=by, starts_at=[booking.walk.start_at]):
        save_changes(
            booking,
            change_requested_at=None,
            answered_at=timezone.now(),
            walk_needed_at=booking.walk.start_at,
            version=booking.version + 1,
        )
        save_changes(booking.acknowledgement, acknowledged_at=None)
        event = record(EventKind.CHANGE_DECLINED, booking=booking, by=by, note=message)
        send_change_declined(booking, event)


@transaction.atomic
def apologise_for_passed_times(booking: Booking, *, now: datetime.datetime) -> None:
    """Apologise because every preferred time has passed without an answer. The figures count it as our mistake."""
    lock_booking(booking)
    if not Booking.objects.with_all_times_passed(now).filter(pk=booking.pk).exists():
        return
    save_changes(booking, times_passed_at=now, version=booking.version + 1)
    event = record(EventKind.TIMES_PASSED, booking=booking)
    send_times_passed(booking, event)
