"""Jobs for expired offers, walks that nobody joined and times that have passed."""

import datetime

from bookings.models.bookings import Booking
from bookings.models.walk_queries import without_bookings_or_open_offers
from bookings.scheduling.offers import actions
from bookings.scheduling.preferred_times.actions import apologise_for_passed_times
from bookings.scheduling.shared_walks.places import cancel_empty_walk
from outbox.jobs import BATCH, for_each
from walks.models.walks import Walk


def expire_offers(now: datetime.datetime) -> None:
    """Expire offers that requesters did not answer in time."""
    for_each(Booking.objects.with_expired_offers(now).order_by("pk")[:BATCH], actions.expire_offers)


def cancel_empty_walks(now: datetime.datetime) -> None:
    """Cancel walks on which places were offered and nobody accepted."""
    for_each(without_bookings_or_open_offers(Walk.objects.all(), now).order_by("pk")[:BATCH], cancel_empty_walk)


def send_times_passed_apologies(now: datetime.datetime) -> None:
    """Apologise to requesters whose preferred times have all passed."""
    unanswered = Booking.objects.with_all_times_passed(now).order_by("walk_needed_at", "pk")[:BATCH]
    for_each(unanswered, lambda booking: apologise_for_passed_times(booking, now=now))
