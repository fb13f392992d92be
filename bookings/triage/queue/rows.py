"""What the inspector's queue says of each booking."""

import datetime
from collections.abc import Mapping
from dataclasses import dataclass

from django.core.cache import cache

from bookings.models.booking_queries import REPEATS_COUNT_FOR
from bookings.models.bookings import Booking
from bookings.models.preferred_times import Wish
from bookings.response_targets import Promise, promise_of
from bookings.statuses import Channel, Status
from boroughs.models.bcus import BoroughCommandUnit, Ward
from walks.flags import Flag, flags_of_walk
from walks.models.walks import Walk

WARDS_KEPT = 600  # seconds


@dataclass(frozen=True)
class WardOfBCU:
    gss: str
    name: str
    borough_gss: str
    borough: str


def wards_of(bcu: BoroughCommandUnit) -> list[WardOfBCU]:
    """To choose from. They hardly ever change, so they are kept in memory for some minutes."""
    return cache.get_or_set(f"wards-of-{bcu.pk}", lambda: _wards_of(bcu), WARDS_KEPT) or []


def _wards_of(bcu: BoroughCommandUnit) -> list[WardOfBCU]:
    wards = Ward.objects.filter(borough__bcu=bcu).order_by("borough__name", "name")
    return [WardOfBCU(*row) for row in wards.values_list("gss", "name", "borough__gss", "borough__name")]


@dataclass(frozen=True)
class QueueRow:
    booking: Booking
    promise: Promise
    flags: list[Flag]

    @property
    def walk(self) -> Walk | None:
        """The walk she has been given, if it still stands."""
        return self.booking.walk if self.booking.status == Status.SCHEDULED else None

    @property
    def first_choice(self) -> Wish | None:
        return next(iter(self.booking.wishes_now()), None)


def queue_row(booking: Booking, *, now: datetime.datetime, asked: Mapping[str, int]) -> QueueRow:
    """`asked` says how often each address asked lately (`Booking.objects.asked_with`)."""
    flags = [*_pressing(booking), *_not_read(booking, now), *_less_pressing(booking, asked)]
    return QueueRow(booking, promise_of(booking, now=now), flags)


def _not_read(booking: Booking, now: datetime.datetime) -> list[Flag]:
    """Only in the queue: whoever looks at its page, or has answered it, has read it."""
    if booking.first_read_at is not None or booking.answered_at is not None or not booking.is_open:
        return []
    is_late = booking.first_read_due_at is not None and booking.first_read_due_at < now
    return [Flag("Not read in time", "red") if is_late else Flag("Not read yet", "blue")]


def flags_of(booking: Booking, *, asked: Mapping[str, int]) -> list[Flag]:
    """The most pressing first."""
    return [*_pressing(booking), *_less_pressing(booking, asked)]


def _less_pressing(booking: Booking, asked: Mapping[str, int]) -> list[Flag]:
    walk = booking.walk if booking.status == Status.SCHEDULED else None
    times = asked.get(booking.contact.email_hmac, 0)
    repeats = [Flag(f"Asked {times} times in {REPEATS_COUNT_FOR.days} days", "yellow")] if times > 1 else []
    return [*(flags_of_walk(walk) if walk else ()), *repeats, *_to_bear_in_mind(booking)]


def _to_bear_in_mind(booking: Booking) -> list[Flag]:
    flags = []
    if booking.accepted_offer() is not None:
        flags.append(Flag("Said yes to a time", "green"))
    if booking.is_open and booking.confirmed_at is None:
        flags.append(Flag("Not confirmed", "yellow"))
    if booking.handler_id is not None:
        flags.append(Flag(f"Kept from {booking.bcu.name}", "red"))
    if booking.contact.accompanied:
        flags.append(Flag("16 or 17, with an adult", "yellow"))
    if booking.inbox_unsafe_at is not None:
        flags.append(Flag("Her inbox was not safe", "purple"))
    flags += _how_we_write(booking)
    if booking.contact.needs:
        flags.append(Flag("Access needs", "teal"))
    return flags


def _pressing(booking: Booking) -> list[Flag]:
    said = {
        "Stop: crime or safeguarding": booking.is_to_safeguard,
        "She says nobody came": booking.is_left_waiting,
        "Walk cut short: first in line": booking.is_first_in_line,
        "Not known whether she knows": booking.is_not_known_to_know,
        "All her times passed": booking.has_passed_unanswered,
        "Asked for another time": booking.asks_again,
    }
    return [Flag(text, "red") for text, is_so in said.items() if is_so]


def _how_we_write(booking: Booking) -> list[Flag]:
    flags = []
    if booking.stopped_at is not None:
        flags.append(Flag("Stop writing to her", "purple"))
    elif booking.channel == Channel.DISCREET:
        flags.append(Flag("Discreet email", "purple"))
    if booking.channel == Channel.NONE:
        flags.append(Flag("No email", "purple"))
    return flags
