"""Whose messages must stay in order: the names of threads in the outbox."""

from bookings.models import Booking, Walk
from boroughs.models import Officer

HER = "her:"


def her_thread(booking: Booking) -> str:
    return f"{HER}{booking.pk}"


def team_booking_thread(booking: Booking) -> str:
    """What the team is told of a booking that has no walk yet."""
    return f"team:{booking.pk}"


def officer_thread(walk: Walk, officer: Officer) -> str:
    return f"officer:{officer.pk}:{walk.pk}"


def team_thread(walk: Walk) -> str:
    """One a walk: an inbox that is slow to take one alert must not hold up the next."""
    return f"bcu:{walk.bcu.code}:{walk.pk}"
