"""What every event of a concern goes through: its locks, and the one place where its state changes.

Order of locks: after those of bookings, concerns by id, then messages.
"""

import datetime

from bookings.actions.moves import lock_booking
from boroughs.models import Officer
from feedback import emails
from feedback.models import Concern, ConcernEvent, Report
from feedback.statuses import TOLD_HER, State


class ConcernError(Exception):
    """Something that cannot be done, in a sentence for the person who asked for it."""


class MoveNotAllowed(ConcernError):
    """It has moved on since the page was shown."""


def lock_her(concern: Concern) -> None:
    """Hold her booking first: she may be forgotten, or stop our messages, at this very moment."""
    if concern.report.booking is not None:
        lock_booking(concern.report.booking)


def lock_all_of(report: Report) -> list[Concern]:
    return list(Concern.objects.select_for_update(no_key=True).filter(report=report).order_by("pk"))


def lock_concern(concern: Concern) -> None:
    """Read the row afresh and hold it."""
    concern.refresh_from_db(from_queryset=Concern.objects.select_for_update(no_key=True))


def lock_concerns(*concerns: Concern) -> None:
    """By id."""
    for concern in sorted(concerns, key=lambda each: each.pk):
        lock_concern(concern)


def lock_all_who_read(concern: Concern) -> None:
    """Hold the bookings of all who are told what becomes of it, then it and those that were joined with it."""
    told = [concern, *concern.joined.select_related("report__booking")]
    bookings = {each.report.booking for each in told if each.report.booking is not None}
    for booking in sorted(bookings, key=lambda each: each.pk):
        lock_booking(booking)
    lock_concerns(*told)


def move_concern(
    concern: Concern,
    to: State,
    *,
    by: Officer | None = None,
    to_her: str = "",
    internal: str = "",
    done_date: datetime.date | None = None,
    tells_her: bool = True,
) -> None:
    """The one place where the state of a concern changes. The caller holds the lock."""
    if not concern.may_become(to):
        was = concern.get_state_display().lower()
        raise MoveNotAllowed(f"This concern is now “{was}”, so it cannot become “{to.label.lower()}”.")
    was_state = concern.state
    concern.state = to
    concern.save()
    event = ConcernEvent.objects.create(
        concern=concern, by=by, from_state=was_state, to_state=to, to_her=to_her, internal=internal, done_date=done_date
    )
    if to in TOLD_HER and tells_her:
        emails.concern_answered(concern, event)
        _tell_all_joined(concern, event)


def _tell_all_joined(concern: Concern, event: ConcernEvent) -> None:
    """Each of them hears the same words, about what she told us herself."""
    for joined in concern.joined.select_related("report__booking__contact", "merged_into"):
        hers = ConcernEvent.objects.create(
            concern=joined,
            by=event.by,
            from_state=joined.state,
            to_state=event.to_state,
            to_her=event.to_her,
            done_date=event.done_date,
        )
        emails.concern_answered(joined, hers)
