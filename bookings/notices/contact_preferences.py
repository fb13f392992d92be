"""The requester's contact preferences, worded for officers and inspectors."""

import datetime
from dataclasses import dataclass

from django.db.models import Exists, OuterRef
from django.utils import timezone

from bookings.models.bookings import Booking
from bookings.models.contacts import BookingContact
from bookings.notices import threads
from bookings.statuses import Channel, PhoneRule
from outbox.models import Message
from outbox.statuses import TO_RESOLVE, State
from walkandtalk.lib import london

PHONE_RULES = {
    PhoneRule.CALL: ("You may call her", "Do not call her"),
    PhoneRule.TEXT: ("You may text her", "Do not text her"),
    PhoneRule.VOICEMAIL: ("You may leave a voicemail", "Do not leave a voicemail"),
}
EMAIL_PREFERENCES = {
    Channel.FULL: "Email with full details",
    Channel.DISCREET: "Discreet email only: it must not say what it’s about",
    Channel.NONE: "No email. She reads our news on her page: ring her if she allows it",
}

STOPPED_ADVICE = "She reads our news on her page: ring her if she allows it"


@dataclass(frozen=True)
class PhoneRules:
    """The requester's rules for using her number, shown before the number itself."""

    may: list[str]
    not_allowed: list[str]
    times: str


def phone_rules(contact: BookingContact) -> PhoneRules | None:
    """Return the rules, or None if the requester gave no number."""
    if not contact.phone:
        return None
    allowed = {PhoneRule(code) for code in contact.phone_rules}
    return PhoneRules(
        may=[yes for rule, (yes, _no) in PHONE_RULES.items() if rule in allowed],
        not_allowed=[no for rule, (_yes, no) in PHONE_RULES.items() if rule not in allowed],
        times=contact.phone_times,
    )


def email_preference(booking: Booking) -> str:
    if booking.contact.messages_stopped_at is not None:
        return f"She asked us to stop writing, {_moment(booking.contact.messages_stopped_at)}. {STOPPED_ADVICE}"
    return EMAIL_PREFERENCES[Channel(booking.channel)]


def acknowledgement_status(booking: Booking) -> str:
    """Say whether the requester has seen news that she needs before she leaves home, or "" if there is none."""
    acknowledgement = booking.acknowledgement
    if not acknowledgement.is_needed:
        return ""
    if acknowledgement.acknowledged_at is not None:
        return f"She has seen the news, {_moment(acknowledgement.acknowledged_at)}"
    if acknowledgement.contacted_at is not None:
        return f"Spoken with, or met, {_moment(acknowledgement.contacted_at)}"
    return "Not seen yet"


@dataclass(frozen=True)
class MessageStatus:
    """A message to the requester, and whether it has been sent."""

    message: Message
    subject: str
    state: str
    needs_other_contact: bool
    is_undelivered: bool
    """It has not arrived, and no newer message made up for it."""


def requester_messages(booking: Booking, now: datetime.datetime) -> list[MessageStatus]:
    """Return the messages to the requester, newest first, without those that were undone. One query."""
    rows = Message.objects.in_thread(threads.requester_thread(booking)).exclude(state=State.UNDONE).reverse()
    messages = rows.only(
        "subject", "state", "sent_at", "created_at", "send_after", "is_held", "superseded_at", "resolved_at"
    ).annotate(is_undelivered=Exists(Message.objects.undelivered(now).filter(pk=OuterRef("pk"))))
    return [_message_status(message, booking.contact.messages_stopped_at) for message in messages]


def _message_status(message: Message, messages_stopped_at: datetime.datetime | None) -> MessageStatus:
    needs_other_contact = message.state in TO_RESOLVE and message.resolved_at is None
    return MessageStatus(
        message,
        message.subject,
        _delivery_status(message, messages_stopped_at),
        needs_other_contact,
        message.is_undelivered,  # type: ignore[attr-defined]
    )


PROBLEMS: dict[str, str] = {
    State.FAILED: "refused by her mail server",
    State.BOUNCED: "came back",
    State.EXPIRED: "could not be sent in time",
    State.REVIEW: "perhaps sent before our database was restored",
}


def _delivery_status(message: Message, messages_stopped_at: datetime.datetime | None) -> str:
    match message.state:
        case State.SENT if message.sent_at:
            return f"sent {_moment(message.sent_at)}"
        case problem if problem in PROBLEMS:
            return f"{PROBLEMS[problem]}: {_resolution(message)}"
        case State.SUPERSEDED if (
            messages_stopped_at and message.superseded_at and message.superseded_at >= messages_stopped_at
        ):
            return "not sent, because she asked us to stop writing"
        case State.SUPERSEDED:
            return "not sent, because a newer message took its place"
        case State.UNDONE:
            return "not sent, because the decision was undone"
        case State.PENDING if message.is_held and message.send_after and message.send_after > timezone.now():
            return f"leaves at {london.clock_with_seconds(message.send_after)}, unless the decision is undone"
        case State.RETRY:
            return "not sent yet, but we’re trying again"
        case _:
            return "waiting to be sent"


def _resolution(message: Message) -> str:
    return "she has not been told" if message.resolved_at is None else f"seen to, {_moment(message.resolved_at)}"


def _moment(at: datetime.datetime) -> str:
    return f"{london.clock(at)}, {london.long_date(at)}"
