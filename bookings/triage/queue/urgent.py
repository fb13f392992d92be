"""What cannot wait: it stands above everything else on the inspector's page."""

import datetime
from collections.abc import Callable
from typing import Any

from django.db.models import Q

from bookings.models.bookings import Booking
from bookings.models.conditions import (
    CUT_OFF,
    LEFT_WAITING,
    NOT_KNOWN_TO_KNOW,
    PASSED_UNANSWERED,
    SAFEGUARDING,
    UNANSWERED,
)
from bookings.models.walk_queries import not_ended_safely
from bookings.response_targets import at_risk_until, promise_of
from boroughs.models.officers import Officer
from walks.models.walks import Walk

READ = 200  # of all kinds together, so that none hides another


def tonight_of(user: Officer, now: datetime.datetime, *, most: int) -> dict[str, list[Any]]:
    """The bookings are asked for together: each kind is rare, and no page is opened more often than this."""
    any_of_them = SAFEGUARDING | LEFT_WAITING | CUT_OFF | NOT_KNOWN_TO_KNOW | PASSED_UNANSWERED
    at_risk = at_risk_until(now)
    owed = UNANSWERED & Q(choices_passed_at=None, answer_due_at__lte=at_risk)
    rows = Booking.objects.visible_to(user).filter(any_of_them | owed).for_alerts(now)
    found = rows.select_related("cut_short_walk")[:READ]
    looked_after = Walk.objects.visible_to(user).looked_after_by(user)
    late = not_ended_safely(looked_after, now).order_by("start_at", "pk")

    def those(belongs: Callable[[Booking], bool]) -> list[Booking]:
        return [booking for booking in found if belongs(booking)][:most]

    return {
        "safeguarding": those(lambda booking: booking.is_to_safeguard),
        "to_go_to": those(lambda booking: booking.needs_somebody_there(now)),
        "not_ended": list(late[:most]),
        "cut_off": those(lambda booking: booking.is_cut_off),
        "left_waiting": those(lambda booking: booking.is_left_waiting),
        "not_known": those(lambda booking: booking.is_not_known_to_know),
        "owed": [
            (booking, promise_of(booking, now=now))
            for booking in those(lambda booking: booking.is_owed_an_answer_by(at_risk))
        ],
        "passed": those(lambda booking: booking.has_passed_unanswered),
    }
