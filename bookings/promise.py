"""The promise to answer her by a day (DESIGN 4.1), in words that an inspector acts on."""

import datetime
from dataclasses import dataclass

from bookings.models import Booking
from walkandtalk.lib import london

SOON = 1
END_OF_DAY = datetime.time(17)
BEFORE_HER_WALK = datetime.timedelta(hours=48)


@dataclass(frozen=True)
class Promise:
    words: str
    tag: str
    colour: str

    @property
    def classes(self) -> str:
        return f"govuk-tag--{self.colour}"

    @property
    def is_late(self) -> bool:
        return self.tag == "Late"


def promise_of(booking: Booking, *, now: datetime.datetime) -> Promise:
    due = booking.answer_due_at
    if booking.answered_at is not None:
        kept = booking.answered_at <= due
        return Promise(f"answered {london.long_date(booking.answered_at)}", "In time" if kept else "Was late", "grey")
    if not booking.is_open:
        return Promise("no answer needed any more", "Closed", "grey")
    days = (london.local(due).date() - london.local(now).date()).days
    if now > due:
        since = f"by {_days(-days)}" if days else f"since {london.clock(due)} today"
        return Promise(f"late {since}", "Late", "red")
    if days == 0:
        return Promise(f"answer by {london.clock(due)} today", "Today", "orange")
    left = f"answer by {london.long_date(due)}, {_days(days)} left"
    return Promise(left, "Soon" if days <= SOON else "On time", "yellow" if days <= SOON else "green")


def _days(number: int) -> str:
    return "1 day" if number == 1 else f"{number} days"


def due_after_offer(
    due: datetime.datetime, *, offered_at: datetime.datetime, now: datetime.datetime, needed_at: datetime.datetime
) -> datetime.datetime:
    """When we owe her an answer, once an offer has come back without a walk.

    The time that it was with her does not count against us, and what we had used before does. Never earlier than
    what she was told, and otherwise still 48 hours before she needs it.
    """
    later = due + (now - offered_at)
    day = london.local(later).date()
    working_day = london.add_working_days(day - datetime.timedelta(days=1), 1)
    if working_day != day:
        later = london.to_instant(working_day, END_OF_DAY)
    return max(due, min(later, needed_at - BEFORE_HER_WALK))
