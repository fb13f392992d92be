"""The rows of the inspector's queue."""

import datetime
from dataclasses import dataclass

from bookings.models.booking_queries import REPEAT_REQUEST_PERIOD
from bookings.models.bookings import Booking
from bookings.models.offers import accepted_offer
from bookings.response_targets import ResponseTargetTag, response_target_tag
from bookings.statuses import Channel, Status
from boroughs.models.bcus import BoroughCommandUnit, Ward
from boroughs.models.officers import Officer
from walkandtalk.lib import london
from walkandtalk.lib.local_cache import local_cache
from walks.flags import Flag
from walks.planning.duty_conflicts import Conflicts, flags_with_conflicts

WARDS_CACHE_SECONDS = 600
FLAGS_SHOWN = 3


@dataclass(frozen=True)
class WardOption:
    gss: str
    name: str
    borough_gss: str
    borough: str


def get_wards(bcu: BoroughCommandUnit) -> list[WardOption]:
    """Return the BCU's wards to choose from, cached for ten minutes because they hardly ever change."""
    return local_cache.get_or_set(f"wards-of-{bcu.pk}", lambda: _load_wards(bcu), WARDS_CACHE_SECONDS) or []


def _load_wards(bcu: BoroughCommandUnit) -> list[WardOption]:
    wards = Ward.objects.filter(borough__bcu=bcu).order_by("borough__name", "name")
    return [WardOption(*row) for row in wards.values_list("gss", "name", "borough__gss", "borough__name")]


@dataclass(frozen=True)
class QueueRow:
    booking: Booking
    response_target: ResponseTargetTag
    flags: list[Flag]
    when: str
    """The scheduled walk, or the requester's first choice: "Tue 8 Dec, 6:30pm"."""
    other_times: int
    """How many other times she gave."""
    is_mine: bool

    @property
    def tick(self) -> str:
        """The value of its tick box: the booking, and the version that the list shows."""
        return f"{self.booking.pk}:{self.booking.version}"

    @property
    def may_be_claimed(self) -> bool:
        """Whether the row offers to assign the booking to the reader, which also opens it."""
        return self.booking.is_open and not hasattr(self.booking, "claim")

    @property
    def may_be_scheduled(self) -> bool:
        booking = self.booking
        is_ready = booking.status == Status.WAITING and booking.confirmed_at is not None and booking.frozen_at is None
        return self.is_mine and is_ready

    @property
    def shown_flags(self) -> list[Flag]:
        """The most urgent flags, few enough for one line."""
        return self.flags[:FLAGS_SHOWN]

    @property
    def more_flags(self) -> list[Flag]:
        return self.flags[FLAGS_SHOWN:]


def queue_row(
    booking: Booking,
    *,
    user: Officer,
    now: datetime.datetime,
    request_count: int,
    conflicts: Conflicts,
) -> QueueRow:
    """Return a row of the queue. `request_count` says how often this address asked recently."""
    flags = [
        *_urgent_flags(booking),
        *_unread_flags(booking, now),
        *_secondary_flags(booking, request_count, conflicts),
    ]
    when, other_times = _when(booking)
    is_mine = hasattr(booking, "claim") and booking.claim.officer_id == user.pk
    return QueueRow(booking, response_target_tag(booking, now=now), flags, when, other_times, is_mine)


def _when(booking: Booking) -> tuple[str, int]:
    """Return the scheduled walk, or the first choice and how many others there are."""
    if booking.status == Status.SCHEDULED and booking.walk is not None:
        return f"{london.short_date(booking.walk.start_at)}, {london.clock(booking.walk.start_at)}", 0
    times = booking.current_preferred_times()
    return (times[0].in_short, len(times) - 1) if times else ("", 0)


def _unread_flags(booking: Booking, now: datetime.datetime) -> list[Flag]:
    """Return the “not read” flag. Only the queue shows it, because opening a booking's page counts as reading it."""
    target = booking.response_target
    if target.first_read_at is not None or booking.answered_at is not None or not booking.is_open:
        return []
    is_late = target.first_read_due_at is not None and target.first_read_due_at < now
    return [Flag("Not read in time", "red") if is_late else Flag("Not read yet", "blue")]


def booking_flags(booking: Booking, *, request_count: int, conflicts: Conflicts) -> list[Flag]:
    """Return the flags, most urgent first."""
    return [*_urgent_flags(booking), *_secondary_flags(booking, request_count, conflicts)]


def _secondary_flags(booking: Booking, times: int, conflicts: Conflicts) -> list[Flag]:
    walk = booking.walk if booking.status == Status.SCHEDULED else None
    repeats = [Flag(f"Asked {times} times in {REPEAT_REQUEST_PERIOD.days} days", "yellow")] if times > 1 else []
    return [*(flags_with_conflicts(walk, conflicts) if walk else ()), *repeats, *_reminder_flags(booking)]


def _reminder_flags(booking: Booking) -> list[Flag]:
    flags = []
    if accepted_offer(booking) is not None:
        flags.append(Flag("Said yes to a time", "green"))
    if booking.is_open and booking.confirmed_at is None:
        flags.append(Flag("Not confirmed", "yellow"))
    if booking.nominated_inspector_id is not None:
        flags.append(Flag(f"Kept from {booking.bcu.name}", "red"))
    if booking.contact.accompanied:
        flags.append(Flag("16 or 17, with an adult", "yellow"))
    if booking.contact.inbox_unsafe_at is not None:
        flags.append(Flag("Her inbox was not safe", "purple"))
    flags += _email_flags(booking)
    if booking.contact.has_needs:
        flags.append(Flag("Access needs", "teal"))
    return flags


def _urgent_flags(booking: Booking) -> list[Flag]:
    conditions = {
        "Stop: crime or safeguarding": booking.has_open_safeguarding,
        "She says nobody came": booking.nobody_came_not_contacted,
        "Walk cut short: first in line": booking.has_priority,
        "May not know it’s cancelled": booking.cancellation_unacknowledged,
        "All her times passed": booking.have_all_times_passed,
        "Asked for another time": booking.has_open_change_request,
    }
    return [Flag(text, "red") for text, is_so in conditions.items() if is_so]


def _email_flags(booking: Booking) -> list[Flag]:
    flags = []
    if booking.contact.messages_stopped_at is not None:
        flags.append(Flag("Stop writing to her", "purple"))
    elif booking.channel == Channel.DISCREET:
        flags.append(Flag("Discreet email", "purple"))
    if booking.channel == Channel.NONE:
        flags.append(Flag("No email", "purple"))
    return flags
