"""Find requesters whose message did not arrive, or who may not know our news before they leave home."""

import datetime
import uuid
from dataclasses import dataclass

from django.db.models import BooleanField, Case, F, Q, When

from bookings.models.booking_queries import BookingQuerySet
from bookings.models.bookings import Booking
from bookings.models.conditions import KEPT, may_be_on_her_way
from bookings.notices.threads import REQUESTER_THREAD_PREFIX, requester_thread
from bookings.statuses import PhoneRule, Status
from outbox.models import Message, MessageQuerySet
from outbox.statuses import State
from walkandtalk.lib import london
from walkandtalk.lib.reading import untracked

SOON_PERIOD = datetime.timedelta(hours=24)
"""The time before a walk by which the requester must have seen our latest news."""

OTHER_CONTACT = {
    PhoneRule.CALL: "You may call her",
    PhoneRule.TEXT: "You may text her",
    PhoneRule.VOICEMAIL: "You may leave a voicemail",
}


@dataclass(frozen=True)
class DeliveryProblem:
    """A requester who may not have our latest news, and why."""

    booking: Booking
    why: str
    message: Message | None
    may_be_on_her_way: bool

    @property
    def other_contact(self) -> str:
        """Name another way to contact the requester that she allows. Her number stays hidden until it is tapped."""
        contact = self.booking.contact
        with untracked():
            allowed = contact.phone_rules if contact.phone else []
        return next((label for rule, label in OTHER_CONTACT.items() if rule in allowed), "")


UndeliveredMessages = dict[uuid.UUID, Message]


def find_delivery_problems(
    bookings: BookingQuerySet,
    now: datetime.datetime,
    *,
    most: int | None = None,
    undelivered: UndeliveredMessages | None = None,
) -> list[DeliveryProblem]:
    """Return the problems among these bookings: undelivered messages first, then upcoming walks, soonest first."""
    undelivered = latest_undelivered_messages(now) if undelivered is None else undelivered
    # Undelivered messages come before merely unread ones, so that a busy evening hides no failure.
    lost_or_late = [pk for pk, message in undelivered.items() if message.is_undelivered_or_late(now)]
    is_unread = Case(When(pk__in=lost_or_late, then=False), default=True, output_field=BooleanField())
    concerned = with_delivery_problems(bookings, undelivered, now).for_alerts(now).annotate(is_unread=is_unread)
    rows = concerned.order_by("is_unread", F("is_past"), "walk_needed_at", "pk")[:most]
    return [
        DeliveryProblem(booking, _explain(message), message, may_be_on_her_way(booking, now))
        for booking in rows
        for message in [undelivered.get(booking.pk)]
    ]


def latest_undelivered_messages(now: datetime.datetime) -> UndeliveredMessages:
    """Return the newest undelivered or waiting message to each requester, by booking."""
    return _newest_by_booking(Message.objects.undelivered(now))


def with_delivery_problems(
    bookings: BookingQuerySet, undelivered: UndeliveredMessages, now: datetime.datetime
) -> BookingQuerySet:
    """Keep only bookings whose requester may not have our news, in the same order."""
    lost_or_late = [pk for pk, message in undelivered.items() if message.is_undelivered_or_late(now)]
    soon = Q(status=Status.SCHEDULED, walk_needed_at__gt=now, walk_needed_at__lte=now + SOON_PERIOD)
    unseen = Q(acknowledgement__acknowledged_at=None, acknowledgement__informed_at=None)
    concerned = Q(pk__in=lost_or_late) | soon & (Q(pk__in=undelivered) | unseen)
    return bookings.filter(KEPT, concerned).exclude(status=Status.NOT_MINE)


def get_delivery_problem(
    booking: Booking, now: datetime.datetime, *, undelivered: UndeliveredMessages | None = None
) -> DeliveryProblem | None:
    """Return the problem of one booking. `undelivered` has its messages if the caller has read them already."""
    if undelivered is None:
        thread = requester_thread(booking)
        undelivered = _newest_by_booking(Message.objects.undelivered(now).filter(thread=thread))
    is_soon = booking.status == Status.SCHEDULED and now < booking.walk_needed_at <= now + SOON_PERIOD
    if not undelivered and not is_soon:
        return None
    rows = Booking.objects.filter(pk=booking.pk)
    return next(iter(find_delivery_problems(rows, now, undelivered=undelivered)), None)


def undelivered_or_late_messages(now: datetime.datetime) -> dict[uuid.UUID, Message]:
    """Return the newest message to each requester that did not arrive or has waited too long, by booking."""
    undelivered = _newest_by_booking(Message.objects.undelivered(now))
    return {pk: message for pk, message in undelivered.items() if message.is_undelivered_or_late(now)}


def _newest_by_booking(messages: MessageQuerySet) -> dict[uuid.UUID, Message]:
    to_requesters = messages.filter(thread__startswith=REQUESTER_THREAD_PREFIX).order_by("number")
    rows = to_requesters.only("thread", "kind", "subject", "state", "created_at", "send_after")
    return {uuid.UUID(message.thread.removeprefix(REQUESTER_THREAD_PREFIX)): message for message in rows}


def _explain(message: Message | None) -> str:
    if message is None:
        return "Her walk starts within 24 hours, and she has not said that she has seen it."
    match message.state:
        case State.FAILED:
            return "Her mail server refused our message."
        case State.BOUNCED:
            return "Our message came back: is the address right?"
        case State.EXPIRED:
            return "Our message could not be sent before her walk began."
        case State.REVIEW:
            return "Our database was restored, so we don’t know whether our message was sent."
        case _:
            since = message.send_after or message.created_at
            return f"Our message has been waiting since {london.clock(since)}, {london.long_date(since)}."
