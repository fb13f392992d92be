"""Write a message of every kind, and read it as its recipient does."""

import re
from email import message_from_bytes
from email.policy import default as policy

from django.utils import timezone

from bookings.control_room.emails import send_team_walk_check_closed
from bookings.events import record
from bookings.manage.contact.emails import resent_link
from bookings.models.events import Event
from bookings.notices.emails import send_booking_changed, send_booking_reminder, send_booking_scheduled
from bookings.notices.officer_emails import (
    send_officer_assigned,
    send_officer_released,
    send_officer_walk_cancelled,
    send_officer_walk_changed,
)
from bookings.notices.threads import requester_thread
from bookings.on_the_day.emails import (
    send_booking_cut_short,
    send_booking_officers_absent,
    send_booking_officers_set_off,
    send_booking_requester_absent,
    send_officer_evening_list,
    send_team_attendance_needed,
    send_team_end_overdue,
    send_team_nobody_came,
    send_team_officer_with_requester,
    send_team_officer_withdrew,
    send_team_walk_cut_short,
)
from bookings.request_form.emails import send_confirm_reminder, send_request_received
from bookings.scheduling.cancellation.emails import send_booking_cancelled_by_requester, send_booking_cancelled_by_us
from bookings.scheduling.preferred_times.emails import (
    send_change_declined,
    send_team_change_requested,
    send_times_passed,
)
from bookings.statuses import CancelReason, DeclineReason, EventKind, Status
from bookings.triage.decline.emails import send_booking_declined
from bookings.triage.emails import send_team_safeguarding
from outbox.models import Message
from outbox.sending.delivery import build_email

REQUESTER_WORDS = [
    "Maya",
    "07700",
    "step-free",
    "Step-free",
    "stick",
    "green lantern",
    "silver river",
    "maya@example.com",
]
REVEALING_WORDS = [
    *("police", "walk", "officer", "talk", "bcu", "patrol", "borough"),
    *("southwark", "central south", "peckham"),
]
WORDS_NOT_IN_DISCREET_MESSAGES = [
    "police",
    "officer",
    "walk",
    "worried",
    "Maya",
    "Southwark",
    "Central South",
    "999",
    "101",
]
TO_REQUESTER = [
    send_request_received,
    resent_link,
    send_change_declined,
    send_times_passed,
    send_booking_scheduled,
    send_booking_changed,
    send_booking_reminder,
    send_confirm_reminder,
    send_booking_declined,
    send_booking_cancelled_by_requester,
    send_booking_cancelled_by_us,
    send_booking_officers_set_off,
    send_booking_requester_absent,
    send_booking_officers_absent,
    send_booking_cut_short,
]
TO_STAFF = [
    send_officer_assigned,
    send_officer_walk_changed,
    send_officer_released,
    send_officer_walk_cancelled,
    send_officer_evening_list,
    send_team_officer_with_requester,
    send_team_officer_withdrew,
    send_team_nobody_came,
    send_team_change_requested,
    send_team_walk_cut_short,
    send_team_end_overdue,
    send_team_attendance_needed,
    send_team_safeguarding,
    send_team_walk_check_closed,
]
WRITERS = {write.__name__.removeprefix("send_"): write for write in [*TO_REQUESTER, *TO_STAFF]}
KINDS_TO_REQUESTER = [write.__name__.removeprefix("send_") for write in TO_REQUESTER]
KINDS_TO_STAFF = [write.__name__.removeprefix("send_") for write in TO_STAFF]


def record_event(booking, kind=EventKind.SCHEDULED, note=""):
    return record(kind, booking=booking, note=note)


def write_to_requester(kind, booking):
    """Write a message of this kind to the requester, and return it."""
    booking.outcome_code = DeclineReason.NO_OFFICERS if kind == "booking_declined" else CancelReason.ILLNESS
    if kind == "booking_declined":
        booking.status, booking.walk = Status.DECLINED, None
    if kind.startswith("booking_cancelled"):
        booking.status = Status.CANCELLED_BY_US
    extra = {
        "booking_changed": {"changes": ["The walk now lasts 30 minutes."]},
        "booking_requester_absent": {"send_after": None},
    }.get(kind, {})
    if kind == "request_received":
        send_request_received(booking, preferred_times=booking.preferred_times.all())
    elif kind == "resent_link":
        resent_link(booking, request_id="7")
    else:
        WRITERS[kind](booking, record_event(booking, note="Sorry to say."), **extra)
    return Message.objects.in_thread(requester_thread(booking)).last()


def write_to_staff(kind, walk, officer):
    extra = {"officer_walk_changed": {"changes": ["The walk now lasts 30 minutes."]}}.get(kind, {})
    if kind == "team_officer_with_requester":
        extra = {"event": Event.objects.create(walk=walk, kind=EventKind.WAITING_WITH_REQUESTER)}
    if kind == "team_officer_withdrew":
        extra = {"event": Event.objects.create(walk=walk, kind=EventKind.OFFICER_LEFT)}
    if kind == "team_walk_cut_short":
        send_team_walk_cut_short(walk, Event.objects.create(walk=walk, kind=EventKind.CALLED_AWAY, code="alone"))
    elif kind == "officer_evening_list":
        send_officer_evening_list(officer, [walk], now=timezone.now())
    elif kind == "team_end_overdue":
        send_team_end_overdue(walk, Event.objects.create(walk=walk, kind=EventKind.END_OVERDUE))
    elif kind == "team_walk_check_closed":
        send_team_walk_check_closed(walk, Event.objects.create(walk=walk, kind=EventKind.WALK_CHECK_CLOSED))
    elif kind == "team_safeguarding":
        send_team_safeguarding(walk, Event.objects.create(walk=walk, kind=EventKind.SAFEGUARDING))
    elif kind in ("team_nobody_came", "team_attendance_needed", "team_change_requested"):
        booking = walk.bookings.get()
        WRITERS[kind](booking, record_event(booking))
    else:
        WRITERS[kind](walk, officer, **extra)
    return Message.objects.order_by("number").last()


def read_whole_message(message):
    """Return everything we send: the headers and the decoded body of every part."""
    parts = list(message_from_bytes(build_email(message).message().as_bytes(), policy=policy).walk())
    headers = [f"{name}: {value}" for part in parts for name, value in part.items()]
    bodies = [part.get_payload(decode=True).decode() for part in parts if not part.is_multipart()]
    return "\n".join(headers + bodies)


def find_link(text):
    return re.search(r"https://\S+", text).group()


def find_addresses(text):
    return re.findall(r"https?://[^\s\"<>]+", text)
