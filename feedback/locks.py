"""Locks on concerns: bookings by id, then concerns by id."""

from bookings.locks import lock_booking
from feedback.models.concerns import Concern, Report


def lock_booking_of(concern: Concern) -> None:
    """Hold her booking first: she may be forgotten, or stop our messages, at this very moment."""
    if concern.report.booking is not None:
        lock_booking(concern.report.booking)


def lock_concerns_of(report: Report) -> list[Concern]:
    return list(Concern.objects.select_for_update(no_key=True).filter(report=report).order_by("pk"))


def lock_concern(concern: Concern) -> None:
    """Read the row afresh and hold it."""
    concern.refresh_from_db(from_queryset=Concern.objects.select_for_update(no_key=True))


def lock_concerns(*concerns: Concern) -> None:
    """By id."""
    for concern in sorted(concerns, key=lambda each: each.pk):
        lock_concern(concern)


def lock_with_merged_concerns(concern: Concern) -> None:
    """Hold the bookings of all who are told what becomes of it, then it and those that were joined with it."""
    told = [concern, *concern.merged_concerns.select_related("report__booking")]
    bookings = {each.report.booking for each in told if each.report.booking is not None}
    for booking in sorted(bookings, key=lambda each: each.pk):
        lock_booking(booking)
    lock_concerns(*told)
