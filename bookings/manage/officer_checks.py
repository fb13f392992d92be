"""Callers who asked the control room about the officers of her walk, as her page shows it.

docs/rules.md#the-control-rooms-check
"""

import datetime
from dataclasses import dataclass

from django.utils.translation import gettext as _

from bookings.models.bookings import Booking
from bookings.models.events import Event
from bookings.statuses import CHECK_EVENT_KINDS, EventKind
from walkandtalk.lib import london
from walks.models.walks import RECENT_WALKS


@dataclass(frozen=True)
class ShownCheck:
    at: datetime.datetime
    is_yes: bool
    is_neutral: bool
    """The page is on the neutral host, where no words name the police or a walk."""

    @property
    def text(self) -> str:
        values = {"time": london.clock(self.at)}
        if self.is_yes and self.is_neutral:
            return _("Someone checked your appointment at %(time)s.") % values
        if self.is_yes:
            return _("Someone checked your officers by 101 at %(time)s.") % values
        if self.is_neutral:
            return _("Someone asked about your appointment at %(time)s. We told them nothing.") % values
        return _("Someone asked 101 about your walk at %(time)s, with the wrong words. We told them nothing.") % values


def officer_checks(booking: Booking, *, is_neutral: bool) -> list[ShownCheck]:
    """Return the checks of this booking, newest first. One query, and none before it had a walk."""
    if booking.walk_id is None and booking.cut_short_walk_id is None:
        return []
    events = Event.objects.filter(booking=booking, kind__in=CHECK_EVENT_KINDS).select_related(None)
    rows = events.order_by("-at", "-pk").values_list("at", "kind")
    return [ShownCheck(at, kind == EventKind.WALK_CHECKED, is_neutral) for at, kind in rows]


def checks_of_tonight(checks: list[ShownCheck], now: datetime.datetime) -> list[ShownCheck]:
    """Return the last yes and the last no of the last 12 hours, for a line beside the officers.

    Two at most, so that her buttons stay on the first screen. The folded list has all of them.
    """
    lately = [check for check in checks if check.at > now - RECENT_WALKS]
    last = (next((check for check in lately if check.is_yes is is_yes), None) for is_yes in (True, False))
    return [check for check in last if check is not None]
