"""The day by which we must answer the requester, as inspectors read it (docs/rules.md#the-promise-of-an-answer)."""

import datetime
from dataclasses import dataclass

from bookings.models.bookings import Booking
from walkandtalk.lib import london

START_OF_DAY, END_OF_DAY = datetime.time(9), datetime.time(17)
ANSWER_BEFORE_WALK = datetime.timedelta(hours=48)


@dataclass(frozen=True)
class ResponseTargetTag:
    summary: str
    tag: str
    colour: str
    short: str = ""
    """The same for one cell of a list: "Tomorrow, 5pm"."""

    @property
    def classes(self) -> str:
        return f"govuk-tag--{self.colour}"

    @property
    def is_late(self) -> bool:
        return self.tag == "Late"

    @property
    def is_soon(self) -> bool:
        return self.tag in ("Today", "At risk")


def response_target_tag(booking: Booking, *, now: datetime.datetime) -> ResponseTargetTag:
    due = booking.answer_due_at
    if booking.answered_at is not None:
        is_in_time = booking.answered_at <= due
        return ResponseTargetTag(
            f"answered {london.long_date(booking.answered_at)}",
            "In time" if is_in_time else "Was late",
            "grey",
            "Answered",
        )
    if not booking.is_open:
        return ResponseTargetTag("no answer needed any more", "Closed", "grey", "Closed")
    days = (london.local(due).date() - london.local(now).date()).days
    if now > due:
        since = f"by {_days(-days)}" if days else f"since {london.clock(due)} today"
        return ResponseTargetTag(f"late {since}", "Late", "red", f"Overdue {since}")
    if days == 0:
        return ResponseTargetTag(
            f"answer by {london.clock(due)} today", "Today", "orange", f"Today, {london.clock(due)}"
        )
    summary = f"answer by {london.long_date(due)}, {_days(days)} left"
    at_risk = due <= answers_at_risk_until(now)
    short = f"{'Tomorrow' if days == 1 else london.short_date(due)}, {london.clock(due)}"
    return ResponseTargetTag(summary, "At risk" if at_risk else "On time", "orange" if at_risk else "green", short)


def is_answer_due(booking: Booking, until: datetime.datetime) -> bool:
    """Return whether an answer is due by `until`. Once we have apologised for passed times, none is due."""
    return booking.is_awaiting_answer and booking.times_passed_at is None and booking.answer_due_at <= until


def first_read_due_at(asked_at: datetime.datetime) -> datetime.datetime:
    """Return when someone must have opened the booking: by the end of the next working day after the request."""
    return london.to_instant(london.add_working_days(london.local(asked_at).date(), 1), END_OF_DAY)


def answers_at_risk_until(now: datetime.datetime) -> datetime.datetime:
    """Return the latest due time that is at risk now: one working day or less is left, Monday to Friday, 9am to 5pm.

    An answer due on a Sunday must be given by Friday, so it is at risk from Thursday at 5pm.
    """
    local = london.local(now)
    day, clock = local.date(), local.time()
    next_day = london.add_working_days(day, 1)
    if london.is_working_day(day) and START_OF_DAY <= clock < END_OF_DAY:
        return london.to_instant(next_day, clock)
    remaining_working_day = day if london.is_working_day(day) and clock < START_OF_DAY else next_day
    return london.to_instant(london.add_working_days(remaining_working_day, 1), START_OF_DAY)


def _days(number: int) -> str:
    return "1 day" if number == 1 else f"{number} days"


def answer_due_after_offer(
    due: datetime.datetime, *, offered_at: datetime.datetime, now: datetime.datetime, walk_needed_at: datetime.datetime
) -> datetime.datetime:
    """Return when the answer is due after an offer has ended without a walk.

    Time that the requester took to answer does not count; time that we had already used does. The result is never
    earlier than the due time she was told, and otherwise at least 48 hours before she needs the walk.
    """
    later = due + (now - offered_at)
    day = london.local(later).date()
    if not london.is_working_day(day):
        later = london.to_instant(london.add_working_days(day, 1), END_OF_DAY)
    return max(due, min(later, walk_needed_at - ANSWER_BEFORE_WALK))
