"""Offers of other times."""

from bookings.scheduling.offers import actions
from tests.support.factories import in_days


def offered_times(*days):
    return [actions.OfferedTime(start_at=in_days(day), place=f"Place {day}") for day in days]


def make_offers(booking, inspector, *days):
    """Offer a time on each of these days, counted from today, and return the open offers."""
    actions.offer_times(booking, by=inspector, version=booking.version, times=offered_times(*days))
    return list(booking.offers.open())
