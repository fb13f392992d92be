"""The read log: who was shown which personal details, and why (docs/rules.md#read-log)."""

import datetime
import json
import logging
from collections import defaultdict
from collections.abc import Collection
from uuid import UUID

from django.core.serializers.json import DjangoJSONEncoder
from django.db import transaction
from django.utils import timezone

from bookings.events import record
from bookings.models.approvals import Approval
from bookings.models.bookings import Booking, bookings_on_walk_visible_to
from bookings.models.read_log import ReadLog
from bookings.models.response_targets import ResponseTarget
from bookings.need_to_know import GIVEN, check_need_to_know, check_reading_budget
from bookings.permissions import BookingAction, available_actions, can_decide
from bookings.statuses import ContactMethod, EventKind, ReadReason
from boroughs.models.officers import Officer
from walkandtalk.lib.errors import ActionError, require
from walkandtalk.lib.monitoring.request_ids import current_request_id
from walkandtalk.lib.reading import Opened, Reading, Subject, give_reason, is_reason_given, note_opened
from walks.models.walks import Walk
from walks.permissions import can_read_details

NUMBER_OPENED_WITHIN = datetime.timedelta(hours=1)

logger = logging.getLogger("walkandtalk.read_log")


# --- What a page opens ------------------------------------------------------------------------------------------------


def open_booking(booking: Booking, *, by: Officer, reason: ReadReason | None = None) -> None:
    """Say that this response is about the booking. The first opening meets the target of one working day.

    Raise ReasonNeeded or ReadingPaused if she may not open it yet (docs/rules.md#need-to-know). The reason is the one
    that she gave, the page's own, or what the status says.
    """
    require(can_decide(by, booking))
    given = check_need_to_know([booking.pk], by=by)
    reason = given.get(booking.pk) or reason or _reason_to_open(booking)
    _open("page", "booking", booking.pk, reason=reason)
    if booking.walk_id is not None:
        give_reason(booking.walk_id, reason)
    if booking.response_target.first_read_at is None:
        unread = ResponseTarget.objects.filter(booking=booking, first_read_at=None)
        unread.update(first_read_at=timezone.now())


def open_bookings(bookings: Collection[Booking], *, by: Officer) -> None:
    """Say that this response is about these bookings, to arrange their walks. One question and one query for all.

    Raise ReasonNeeded or ReadingPaused like `open_booking`.
    """
    require(all(can_decide(by, booking) for booking in bookings))
    given = check_need_to_know([booking.pk for booking in bookings], by=by) if bookings else {}
    for booking in bookings:
        reason = given.get(booking.pk, ReadReason.ARRANGE)
        _open("page", "booking", booking.pk, reason=reason)
        if booking.walk_id is not None:
            give_reason(booking.walk_id, reason)


def open_approval(approval: Approval) -> None:
    """Say that this response is about an act for which a second inspector is asked."""
    _open("approval", "booking", approval.booking_id, reason=ReadReason.APPROVAL)


def open_walk(walk: Walk, bookings: Collection[Booking], *, by: Officer) -> None:
    """Say that this response is about a walk, and about each requester whom it names.

    Raise PermissionDenied if it names one to a person who may not read the details now. Like `open_booking`, ask an
    inspector who is not on the walk why she needs them: once for all of its requesters.
    """
    officers = walk.live_officers()
    require(not bookings or can_read_details(by, walk, officers, timezone.now()))
    is_on_walk, named = by in officers, [booking.pk for booking in bookings]
    given = {} if is_on_walk or not named else check_need_to_know(named, by=by, walk=walk)
    reason = ReadReason.ON_WALK if is_on_walk else ReadReason.ARRANGE
    _open("walk", "walk", walk.pk, reason=next(iter(given.values()), reason))
    for pk in named:
        _open("page", "booking", pk, reason=given.get(pk, reason))


def open_concern(concern_pk: UUID) -> None:
    """Say that this response is about one concern."""
    _open("concern", "concern", concern_pk, reason=ReadReason.CONCERN)


def _open(kind: str, subject: Subject, pk: UUID, *, reason: ReadReason) -> None:
    note_opened(Opened(kind, subject, pk))
    give_reason(pk, reason)


# --- Lines ------------------------------------------------------------------------------------------------------------


def write_read_log(reading: Reading, *, by: Officer) -> None:
    """Write a line for each booking, walk and concern of a response: one INSERT, and a structured log line each."""
    kinds = defaultdict(set)
    for opened in reading.opened:
        kinds[opened.subject, opened.pk].add(opened.kind)
    _write(
        [
            ReadLog(
                officer=by,
                kinds=sorted(found),
                reason=reading.reasons.get(pk, ReadReason.LIST),
                request_id=reading.request_id,
                **{f"{subject}_id": pk},
            )
            for (subject, pk), found in kinds.items()
        ]
    )


def _write(lines: Collection[ReadLog]) -> None:
    ReadLog.objects.bulk_create(lines)
    for line in lines:
        logger.info(json.dumps(_for_log_shipper(line), cls=DjangoJSONEncoder))


def _for_log_shipper(line: ReadLog) -> dict[str, object]:
    return {
        "event": "details_read",
        "person": line.officer_id,
        "booking": line.booking_id,
        "walk": line.walk_id,
        "concern": line.concern_id,
        "kinds": line.kinds,
        "reason": line.reason,
        "at": line.at,
        "request": line.request_id,
    }


@transaction.atomic
def reveal_phone(booking: Booking, *, by: Officer) -> str:
    """Return the requester's number, and record who looked at it."""
    decides = can_decide(by, booking)
    require(decides or (booking.frozen_at is None and _is_on_walk_with(by, booking)))
    if decides and not is_reason_given(booking.pk):
        check_need_to_know([booking.pk], by=by)
    reason = ReadReason.CALL if decides else ReadReason.ON_WALK
    _write([ReadLog(officer=by, booking=booking, kinds=["phone"], reason=reason, request_id=current_request_id())])
    return booking.contact.phone


@transaction.atomic
def record_card_read_out(booking: Booking, *, by: Officer) -> None:
    """Record that an inspector read the walk card, with names and phrase, to the requester on the phone.

    Raise ActionError unless she opened the number within the last hour.
    """
    require(BookingAction.READ_OUT_CARD in available_actions(booking, by, timezone.now()))
    require_number_opened(booking, by=by)
    _write([ReadLog(officer=by, booking=booking, kinds=["card"], reason=ReadReason.CARD)])
    record(EventKind.CARD_READ_OUT, booking=booking, by=by, code=ContactMethod.PHONE)


@transaction.atomic
def record_reason(bookings: Collection[UUID], reason: ReadReason, *, by: Officer) -> None:
    """Record why this person needs to open these bookings. It holds for a shift (`need_to_know.SHIFT`)."""
    check_reading_budget(bookings, by=by)
    _write([ReadLog(officer=by, booking_id=pk, kinds=[GIVEN], reason=reason) for pk in bookings])


def record_call_answered(booking: Booking, *, by: Officer) -> None:
    """Record that this inspector took the booking from the requester herself, so that nobody asks her why."""
    _write([ReadLog(officer=by, booking=booking, kinds=[GIVEN], reason=ReadReason.IN_TOUCH)])


def record_claim(booking: Booking, *, by: Officer) -> None:
    """Record that lists name the requester to this inspector from now on. Raise ReadingPaused if she has too many."""
    check_reading_budget([booking.pk], by=by)
    _write([ReadLog(officer=by, booking=booking, kinds=["claim"], reason=_reason_to_open(booking))])


def require_number_opened(booking: Booking, *, by: Officer) -> None:
    """Raise ActionError unless this person opened the requester's number within the last hour.

    Nobody can say that she rang the requester without a line in the read log that shows her the number.
    """
    since = timezone.now() - NUMBER_OPENED_WITHIN
    if not ReadLog.objects.filter(booking=booking, officer=by, kinds__contains=["phone"], at__gt=since).exists():
        raise ActionError("Show her number first, then ring it. Viewing it is logged.")


def _reason_to_open(booking: Booking) -> ReadReason:
    if booking.awaits_decision:
        return ReadReason.DECIDE
    return ReadReason.ARRANGE if booking.is_open else ReadReason.REVIEW


def _is_on_walk_with(officer: Officer, booking: Booking) -> bool:
    now = timezone.now()
    walks = [walk for walk in (booking.walk, booking.cut_short_walk) if walk is not None]
    visible = [walk for walk in walks if bookings_on_walk_visible_to(officer, walk, now).contains(booking)]
    return any(can_read_details(officer, walk, walk.live_officers(), now) for walk in visible)
