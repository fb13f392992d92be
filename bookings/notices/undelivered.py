"""Women who have not been told: whose message did not arrive, or who may not know before they leave home."""

import datetime
import uuid
from dataclasses import dataclass

from django.db.models import BooleanField, Case, F, Q, When

from bookings.models.booking_queries import BookingQuerySet
from bookings.models.bookings import Booking
from bookings.notices.threads import HER
from bookings.statuses import PhoneRule, Status
from outbox.models import Message, MessageQuerySet
from outbox.statuses import State
from walkandtalk.lib import london

SOON = datetime.timedelta(hours=24)
"""Before a walk nothing is left to chance: by then she has to have seen it."""

ANOTHER_WAY = {
    PhoneRule.CALL: "You may call her",
    PhoneRule.TEXT: "You may text her",
    PhoneRule.VOICEMAIL: "You may leave a voicemail",
}


@dataclass(frozen=True)
class Untold:
    """A woman, and why we think that she does not know."""

    booking: Booking
    why: str
    message: Message | None

    @property
    def another_way(self) -> str:
        """The other contact that she agreed to, by its rule. Her number itself stays behind its tap."""
        contact = self.booking.contact
        allowed = contact.phone_rules if contact.phone else []
        return next((words for rule, words in ANOTHER_WAY.items() if rule in allowed), "")


Undelivered = dict[uuid.UUID, Message]


def who_was_not_told(
    bookings: BookingQuerySet,
    now: datetime.datetime,
    *,
    most: int | None = None,
    undelivered: Undelivered | None = None,
) -> list[Untold]:
    """Of these bookings; what did not arrive first, then those whose walk is to come, and the soonest first."""
    undelivered = find_undelivered(now) if undelivered is None else undelivered
    # What did not arrive comes before what may only be unread, so that a full evening hides no failure.
    lost_or_late = [pk for pk, message in undelivered.items() if message.is_lost_or_late(now)]
    is_unread = Case(When(pk__in=lost_or_late, then=False), default=True, output_field=BooleanField())
    concerned = only_not_told(bookings, undelivered, now).for_alerts(now).annotate(is_unread=is_unread)
    rows = concerned.order_by("is_unread", F("is_past"), "needed_at", "pk")[:most]
    return [Untold(booking, _why(message), message) for booking in rows for message in [undelivered.get(booking.pk)]]


def find_undelivered(now: datetime.datetime) -> Undelivered:
    """The newest message to each woman that has not been handed over."""
    return _newest_of_each(Message.objects.undelivered(now))


def only_not_told(bookings: BookingQuerySet, undelivered: Undelivered, now: datetime.datetime) -> BookingQuerySet:
    """Those of these bookings who have not been told, in the order that they have."""
    lost_or_late = [pk for pk, message in undelivered.items() if message.is_lost_or_late(now)]
    soon = Q(status=Status.SCHEDULED, needed_at__gt=now, needed_at__lte=now + SOON)
    unseen = Q(seen_at=None, told_at=None)
    concerned = Q(pk__in=lost_or_late) | soon & (Q(pk__in=undelivered) | unseen)
    return bookings.filter(concerned, forgotten_at=None).exclude(status=Status.NOT_HER)


def was_not_told(booking: Booking, now: datetime.datetime) -> Untold | None:
    return next(iter(who_was_not_told(Booking.objects.filter(pk=booking.pk), now)), None)


def undelivered_to_her(now: datetime.datetime) -> dict[uuid.UUID, Message]:
    """The newest message to each woman that did not arrive, or waits for too long."""
    undelivered = _newest_of_each(Message.objects.undelivered(now))
    return {pk: message for pk, message in undelivered.items() if message.is_lost_or_late(now)}


def _newest_of_each(messages: MessageQuerySet) -> dict[uuid.UUID, Message]:
    hers = messages.filter(thread__startswith=HER).order_by("number")
    shown = hers.only("thread", "kind", "subject", "state", "created_at", "send_after")
    return {uuid.UUID(message.thread.removeprefix(HER)): message for message in shown}


def _why(message: Message | None) -> str:
    if message is None:
        return "Her walk starts within 24 hours, and she has not said that she has seen it."
    match message.state:
        case State.FAILED:
            return "Her mail server refused our message."
        case State.BOUNCED:
            return "Our message came back: is the address right?"
        case State.EXPIRED:
            return "Our message could not be sent before her walk began."
        case _:
            since = message.send_after or message.created_at
            return f"Our message has been waiting since {london.clock(since)}, {london.long_date(since)}."
