"""The names of threads in the outbox. Messages of one thread are sent in order."""

from uuid import UUID

from bookings.models.bookings import Booking
from boroughs.models.bcus import BoroughCommandUnit
from boroughs.models.officers import Officer
from walks.models.walks import Walk

REQUESTER_THREAD_PREFIX, OFFICER_THREAD_PREFIX, TEAM_THREAD_PREFIX, BCU_THREAD_PREFIX, DIGEST_THREAD_PREFIX = (
    "requester:",
    "officer:",
    "team:",
    "bcu:",
    "digest:",
)
STAFF_THREAD_PREFIXES = (OFFICER_THREAD_PREFIX, TEAM_THREAD_PREFIX, BCU_THREAD_PREFIX, DIGEST_THREAD_PREFIX)
EVENING_LIST_THREAD_PREFIX = "tonight"
CONCERNS_THREAD_PREFIX = "concerns"
COLLEAGUE_THREAD_PREFIX = "colleague-"
NEW_REQUESTS_THREAD_SUFFIX = "new-requests"
SECURITY_THREAD_PREFIX = "security:"
PLACE_REPORT_THREAD_PREFIX = "report:"


def requester_thread(booking: Booking) -> str:
    return f"{REQUESTER_THREAD_PREFIX}{booking.pk}"


def place_report_thread(report: UUID) -> str:
    """Return the thread to someone who told us about a place without asking for a walk."""
    return f"{PLACE_REPORT_THREAD_PREFIX}{report}"


def security_thread(booking: Booking) -> str:
    """Return the thread for security notices, which no later news replaces."""
    return f"{SECURITY_THREAD_PREFIX}{booking.pk}"


def team_booking_thread(booking: Booking) -> str:
    """Return the thread for messages to the team about a booking that has no walk yet."""
    return f"{TEAM_THREAD_PREFIX}{booking.pk}"


def officer_thread(walk: Walk, officer: Officer) -> str:
    return f"{OFFICER_THREAD_PREFIX}{officer.pk}:{walk.pk}"


def team_thread(walk: Walk) -> str:
    """Return one thread for each walk, so that an alert that is slow to arrive does not hold up the next."""
    return f"{BCU_THREAD_PREFIX}{walk.bcu.code}:{walk.pk}"


def new_requests_thread(bcu: BoroughCommandUnit) -> str:
    """Return the thread that tells a team of its new requests hourly."""
    return f"{BCU_THREAD_PREFIX}{bcu.code}:{NEW_REQUESTS_THREAD_SUFFIX}"


def colleague_thread(bcu: BoroughCommandUnit, officer: Officer) -> str:
    """Return the thread that tells a team of a colleague who leaves or joins it."""
    return f"{BCU_THREAD_PREFIX}{bcu.code}:{COLLEAGUE_THREAD_PREFIX}{officer.pk}"


def evening_list_thread(officer: Officer) -> str:
    return f"{OFFICER_THREAD_PREFIX}{officer.pk}:{EVENING_LIST_THREAD_PREFIX}"


def concern_owner_thread(officer: Officer) -> str:
    """Return the thread that tells an inspector of the concerns she owns."""
    return f"{OFFICER_THREAD_PREFIX}{officer.pk}:{CONCERNS_THREAD_PREFIX}"


def digest_thread(key: str) -> str:
    """Return the thread for the digest of a BCU, by its code, or of one inspector, by her id."""
    return f"{DIGEST_THREAD_PREFIX}{key}"
