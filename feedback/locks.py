"""Locks on concerns: bookings by id, then concerns by id."""

from bookings.locks import lock_booking
from feedback.models.concerns import Concern, Report


def lock_booking_of(concern: Concern) -> None:
    """Lock the booking before its concern: the booking may be erased, or its messages stopped, at the same moment."""
    if concern.report.booking is not None:
        lock_booking(concern.report.booking)


def lock_concerns_of(report: Report) -> list[Concern]:
    return list(Concern.objects.select_for_update(no_key=True).filter(report=report).order_by("pk"))


def lock_concern(concern: Concern) -> None:
    """Lock the row and re-read it."""
    concern.refresh_from_db(from_queryset=Concern.objects.select_for_update(no_key=True))


def lock_concerns(*concerns: Concern) -> None:
    """Lock these concerns in order of id."""
    for concern in sorted(concerns, key=lambda each: each.pk):
        lock_concern(concern)


def lock_with_merged_concerns(concern: Concern) -> None:
    """Lock the bookings of all requesters who get the answer, then the concern and those merged into it."""
    told = [concern, *concern.merged_concerns.select_related("report__booking")]
    bookings = {each.report.booking for each in told if each.report.booking is not None}
    for booking in sorted(bookings, key=lambda each: each.pk):
        lock_booking(booking)
    lock_concerns(*told)
