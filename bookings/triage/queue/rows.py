"""The rows of the inspector's queue."""

import datetime
from collections.abc import Mapping
from dataclasses import dataclass

from django.core.cache import cache

from bookings.models.booking_queries import REPEAT_REQUEST_PERIOD
from bookings.models.bookings import Booking
from bookings.models.offers import accepted_offer
from bookings.models.preferred_times import PreferredTime
from bookings.response_targets import ResponseTargetTag, response_target_tag
from bookings.statuses import Channel, Status
from boroughs.models.bcus import BoroughCommandUnit, Ward
from walks.flags import Flag
from walks.models.walks import Walk
from walks.planning.duty_conflicts import Conflicts, flags_with_conflicts

WARDS_CACHE_SECONDS = 600


@dataclass(frozen=True)
class WardOption:
    gss: str
    name: str
    borough_gss: str
    borough: str


def get_wards(bcu: BoroughCommandUnit) -> list[WardOption]:
    """Return the BCU's wards to choose from, cached for ten minutes because they hardly ever change."""
    return cache.get_or_set(f"wards-of-{bcu.pk}", lambda: _load_wards(bcu), WARDS_CACHE_SECONDS) or []


def _load_wards(bcu: BoroughCommandUnit) -> list[WardOption]:
    wards = Ward.objects.filter(borough__bcu=bcu).order_by("borough__name", "name")
    return [WardOption(*row) for row in wards.values_list("gss", "name", "borough__gss", "borough__name")]


@dataclass(frozen=True)
class QueueRow:
    booking: Booking
    response_target: ResponseTargetTag
    flags: list[Flag]

    @property
    def walk(self) -> Walk | None:
        """The scheduled walk, if there is one."""
        return self.booking.walk if self.booking.status == Status.SCHEDULED else None

    @property
    def first_choice(self) -> PreferredTime | None:
        return next(iter(self.booking.current_preferred_times()), None)


def queue_row(
    booking: Booking, *, now: datetime.datetime, request_counts: Mapping[str, int], conflicts: Conflicts
) -> QueueRow:
    """Return a row of the queue.

    `request_counts` says how often each address asked recently (`Booking.objects.request_counts_by_email`).
    """
    flags = [
        *_urgent_flags(booking),
        *_unread_flags(booking, now),
        *_secondary_flags(booking, request_counts, conflicts),
    ]
    return QueueRow(booking, response_target_tag(booking, now=now), flags)


def _unread_flags(booking: Booking, now: datetime.datetime) -> list[Flag]:
    """Return the “not read” flag. Only the queue shows it, because opening a booking's page counts as reading it."""
    target = booking.response_target
    if target.first_read_at is not None or booking.answered_at is not None or not booking.is_open:
        return []
    is_late = target.first_read_due_at is not None and target.first_read_due_at < now
    return [Flag("Not read in time", "red") if is_late else Flag("Not read yet", "blue")]


def booking_flags(booking: Booking, *, request_counts: Mapping[str, int], conflicts: Conflicts) -> list[Flag]:
    """Return the flags, most urgent first."""
    return [*_urgent_flags(booking), *_secondary_flags(booking, request_counts, conflicts)]


def _secondary_flags(booking: Booking, request_counts: Mapping[str, int], conflicts: Conflicts) -> list[Flag]:
    walk = booking.walk if booking.status == Status.SCHEDULED else None
    times = request_counts.get(booking.contact.email_hmac, 0)
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
        "Not known whether she knows": booking.cancellation_unacknowledged,
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
