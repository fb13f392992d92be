"""Offers that ran out, walks that nobody joined and times that passed, started by the clock."""

import datetime

from bookings.models.bookings import Booking
from bookings.models.walk_queries import nobody_has_said_yes_to
from bookings.scheduling.offers import actions as offers_actions
from bookings.scheduling.preferred_times.actions import apologise
from bookings.scheduling.shared_walks.places import release_walk
from outbox.jobs import BATCH, for_each
from walks.models.walks import Walk


def lapse_offers(now: datetime.datetime) -> None:
    """Offers that she did not answer in time: it is our turn again."""
    for_each(Booking.objects.with_offers_run_out(now).order_by("pk")[:BATCH], offers_actions.lapse_offers)


def release_walks(now: datetime.datetime) -> None:
    """Walks on which a place was offered, and nobody said yes."""
    for_each(nobody_has_said_yes_to(Walk.objects.all(), now).order_by("pk")[:BATCH], release_walk)


def apologise_for_no_answer(now: datetime.datetime) -> None:
    """To those for whom every time that they chose has passed."""
    unanswered = Booking.objects.unanswered_for_too_long(now).order_by("needed_at", "pk")[:BATCH]
    for_each(unanswered, lambda booking: apologise(booking, now=now))
