"""Whose messages must stay in order: the names of threads in the outbox."""

from bookings.models.bookings import Booking
from boroughs.models.officers import Officer
from walks.models.walks import Walk

HER, OFFICER, TEAM, BCU, DIGEST = "her:", "officer:", "team:", "bcu:", "digest:"
TONIGHT = "tonight"


def her_thread(booking: Booking) -> str:
    return f"{HER}{booking.pk}"


def team_booking_thread(booking: Booking) -> str:
    """What the team is told of a booking that has no walk yet."""
    return f"{TEAM}{booking.pk}"


def officer_thread(walk: Walk, officer: Officer) -> str:
    return f"{OFFICER}{officer.pk}:{walk.pk}"


def team_thread(walk: Walk) -> str:
    """One a walk: an inbox that is slow to take one alert must not hold up the next."""
    return f"{BCU}{walk.bcu.code}:{walk.pk}"


def tonight_thread(officer: Officer) -> str:
    return f"{OFFICER}{officer.pk}:{TONIGHT}"


def digest_thread(key: str) -> str:
    """Of a BCU by its code, or of one inspector by her id."""
    return f"{DIGEST}{key}"
