"""What cannot wait: it stands above everything else on the inspector's page."""

import datetime

from django.db.models import BooleanField, Case, When

from bookings.models import (
    CUT_OFF,
    LEFT_WAITING,
    NOT_KNOWN_TO_KNOW,
    PASSED_UNANSWERED,
    Booking,
    Walk,
    to_go_to,
)
from boroughs.models import Officer

SHOWN = 20
READ = 5 * (SHOWN + 1)


def tonight_of(user: Officer, now: datetime.datetime) -> dict[str, object]:
    late = Walk.objects.visible_to(user).not_ended_safely(now).order_by("start_at", "pk")
    rows = _to_reach(user, now)
    return {
        "left_waiting": [booking for booking in rows if booking.is_left_waiting],
        "to_go_to": [booking for booking in rows if booking.needs_somebody_there(now)],
        "cut_off": [booking for booking in rows if booking.is_cut_off],
        "not_known": [booking for booking in rows if booking.is_not_known_to_know],
        "passed": [booking for booking in rows if booking.has_passed_unanswered],
        "not_ended": late.prefetch_related("assignments__officer")[:SHOWN],
    }


def _to_reach(user: Officer, now: datetime.datetime) -> list[Booking]:
    """Asked for together: each kind is rare, and this page is opened more often than any other."""
    pressing = LEFT_WAITING | CUT_OFF | to_go_to(now)
    rows = Booking.objects.visible_to(user).filter(pressing | NOT_KNOWN_TO_KNOW | PASSED_UNANSWERED)
    first = Case(When(pressing, then=True), default=False, output_field=BooleanField())
    ordered = rows.for_alerts(now).select_related("cut_short_walk").order_by(first.desc(), "is_past", "needed_at", "pk")
    return list(ordered[:READ])
