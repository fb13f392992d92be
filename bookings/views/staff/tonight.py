"""What cannot wait: it stands above everything else on the inspector's page."""

import datetime
from collections.abc import Callable

from bookings.models import CUT_OFF, LEFT_WAITING, NOT_KNOWN_TO_KNOW, PASSED_UNANSWERED, Booking, Walk
from boroughs.models import Officer

READ = 200  # of all kinds together, so that none hides another


def tonight_of(user: Officer, now: datetime.datetime, *, most: int) -> dict[str, object]:
    """The bookings are asked for together: each kind is rare, and no page is opened more often than this."""
    any_of_them = LEFT_WAITING | CUT_OFF | NOT_KNOWN_TO_KNOW | PASSED_UNANSWERED
    found = Booking.objects.visible_to(user).filter(any_of_them).for_alerts(now).select_related("cut_short_walk")[:READ]
    late = Walk.objects.visible_to(user).not_ended_safely(now).order_by("start_at", "pk")

    def those(belongs: Callable[[Booking], bool]) -> list[Booking]:
        return [booking for booking in found if belongs(booking)][:most]

    return {
        "to_go_to": those(lambda booking: booking.needs_somebody_there(now)),
        "not_ended": late.prefetch_related("assignments__officer")[:most],
        "cut_off": those(lambda booking: booking.is_cut_off),
        "left_waiting": those(lambda booking: booking.is_left_waiting),
        "not_known": those(lambda booking: booking.is_not_known_to_know),
        "passed": those(lambda booking: booking.has_passed_unanswered),
    }
