"""Counts of a team's open work, for the morning digest."""

import datetime
from dataclasses import dataclass

from django.db.models import Q

from bookings import links
from bookings.models.booking_queries import BookingQuerySet
from bookings.models.bookings import Booking
from bookings.notices.undelivered import find_delivery_problems
from bookings.statuses import Channel, PhoneRule, Status
from walkandtalk.lib import london
from walks.models.walks import Walk


@dataclass(frozen=True)
class Count:
    label: str
    number: int
    url: str


def counts_of(whose: Q, now: datetime.datetime) -> list[Count]:
    """Count the bookings and walks that match `whose`: a BCU's, or a nominated inspector's."""
    today = london.local(now).date()
    midnight = london.to_instant(today + datetime.timedelta(days=1), datetime.time(0))
    bookings, walks = Booking.objects.filter(whose), Walk.objects.filter(whose)
    waiting = bookings.awaiting_decision()
    owed = waiting.filter(answered_at=None)
    queue, delivery_problems, patrols = (
        links.staff_url(name) for name in ("triage:queue", "delivery_problems:list", "on_the_day:walks")
    )
    return [
        Count("Requests to answer", waiting.count(), queue),
        Count("Of them past the day that we promised", owed.filter(answer_due_at__lt=now).count(), queue),
        Count("To answer today", owed.filter(answer_due_at__gte=now, answer_due_at__lt=midnight).count(), queue),
        Count("Women who may not know the latest", len(find_delivery_problems(bookings, now)), delivery_problems),
        Count("Women to remind by phone of a walk today", _to_ring(bookings, now, midnight), queue),
        Count("Walks today", walks.upcoming(now).filter(start_at__lt=midnight).count(), patrols),
        Count("Walks to come with too few officers", walks.short_of_officers(now).count(), patrols),
    ]


def _to_ring(bookings: BookingQuerySet, now: datetime.datetime, midnight: datetime.datetime) -> int:
    """Count requesters with a walk today who want no email, so get no reminder, but may be called or texted."""
    today = bookings.filter(status=Status.SCHEDULED, walk__start_at__gt=now, walk__start_at__lt=midnight)
    contacts = [row.contact for row in today.filter(channel=Channel.NONE).select_related("contact")]
    return sum(bool(row.phone) and not {PhoneRule.CALL, PhoneRule.TEXT}.isdisjoint(row.phone_rules) for row in contacts)
