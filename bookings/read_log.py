"""Open personal details, and record each reading in the read log."""

import datetime
from collections.abc import Collection

from django.db import transaction
from django.utils import timezone

from bookings.events import record
from bookings.models.bookings import Booking, bookings_on_walk_visible_to
from bookings.models.read_log import ReadLog
from bookings.models.response_targets import ResponseTarget
from bookings.permissions import BookingAction, available_actions, can_decide
from bookings.statuses import ContactMethod, EventKind, ReadReason
from boroughs.models.officers import Officer
from walkandtalk.lib.errors import ActionError, require
from walks.models.walks import Walk
from walks.permissions import can_read_details

NUMBER_OPENED_WITHIN = datetime.timedelta(hours=1)


def record_booking_read(booking: Booking, *, by: Officer, reason: ReadReason | None = None) -> None:
    """Record that an inspector opened the booking. The first reading meets the target of one working day.

    Without a reason of the page's own, the status gives it.
    """
    require(can_decide(by, booking))
    ReadLog.objects.create(officer=by, booking=booking, field="page", reason=reason or _reason_to_open(booking))
    if booking.response_target.first_read_at is None:
        unread = ResponseTarget.objects.filter(booking=booking, first_read_at=None)
        unread.update(first_read_at=timezone.now())


def record_approval_read(booking: Booking, *, by: Officer) -> None:
    """Record that a second inspector opened the page of an act, which says where her colleague met the requester."""
    ReadLog.objects.create(officer=by, booking=booking, field="approval", reason=ReadReason.APPROVAL)


@transaction.atomic
def reveal_phone(booking: Booking, *, by: Officer) -> str:
    """Return the requester's number, and record who looked at it."""
    decides = can_decide(by, booking)
    require(decides or (booking.frozen_at is None and _is_on_walk_with(by, booking)))
    reason = ReadReason.CALL if decides else ReadReason.ON_WALK
    ReadLog.objects.create(officer=by, booking=booking, field="phone", reason=reason)
    return booking.contact.phone


@transaction.atomic
def record_card_read_out(booking: Booking, *, by: Officer) -> None:
    """Record that an inspector read the walk card, with names and phrase, to the requester on the phone.

    Raise ActionError unless she opened the number within the last hour.
    """
    require(BookingAction.READ_OUT_CARD in available_actions(booking, by, timezone.now()))
    require_number_opened(booking, by=by)
    ReadLog.objects.create(officer=by, booking=booking, field="card", reason=ReadReason.CARD)
    record(EventKind.CARD_READ_OUT, booking=booking, by=by, code=ContactMethod.PHONE)


def require_number_opened(booking: Booking, *, by: Officer) -> None:
    """Raise ActionError unless this person opened the requester's number within the last hour.

    Whoever says that she rang the requester has looked at the number, and the read log shows it.
    """
    since = timezone.now() - NUMBER_OPENED_WITHIN
    if not ReadLog.objects.filter(booking=booking, officer=by, field="phone", at__gt=since).exists():
        raise ActionError("Show her number first, then ring it. Viewing it is logged.")


def record_walk_read(bookings: Collection[Booking], walk: Walk, *, by: Officer) -> None:
    """Record, for each requester, that someone opened a walk page that names her."""
    officers = walk.live_officers()
    require(can_read_details(by, walk, officers, timezone.now()))
    reason = ReadReason.ON_WALK if by in officers else ReadReason.ARRANGE
    ReadLog.objects.bulk_create(
        ReadLog(officer=by, booking=booking, field="page", reason=reason) for booking in bookings
    )


def record_team_messages_read(bookings: Collection[Booking], *, by: Officer, reason: ReadReason | None = None) -> None:
    """Record that a page, whatever its method and status, shows what these requesters wrote to the team."""
    ReadLog.objects.bulk_create(
        ReadLog(officer=by, booking=booking, field="team_message", reason=reason or _reason_to_open(booking))
        for booking in bookings
    )


def _reason_to_open(booking: Booking) -> ReadReason:
    if booking.awaits_decision:
        return ReadReason.DECIDE
    return ReadReason.ARRANGE if booking.is_open else ReadReason.REVIEW


def _is_on_walk_with(officer: Officer, booking: Booking) -> bool:
    now = timezone.now()
    walks = [walk for walk in (booking.walk, booking.cut_short_walk) if walk is not None]
    visible = [walk for walk in walks if bookings_on_walk_visible_to(officer, walk, now).contains(booking)]
    return any(can_read_details(officer, walk, walk.live_officers(), now) for walk in visible)
