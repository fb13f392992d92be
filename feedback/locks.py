"""Locks on concerns: those who are told, by id, then the improvement, then concerns by id."""

from bookings.locks import lock_bookings
from feedback.models.concerns import Concern, Report
from feedback.models.contacts import ReportContact
from feedback.models.improvements import Improvement


def lock_booking_of(concern: Concern) -> None:
    """Lock the booking, or the contact of a report without one, before the concern.

    It may be erased, or its messages stopped, at the same moment.
    """
    lock_recipients_of(concern)


def lock_recipients_of(*concerns: Concern) -> None:
    """Lock everyone who is told about these concerns: bookings by id, then contacts. Their reports get what was locked.

    Hundreds can wait for one improvement, so two queries lock them all.
    """
    reports = [concern.report for concern in concerns]
    bookings = {each.pk: each for each in lock_bookings({report.booking_id for report in reports if report.booking_id})}
    rows = ReportContact.objects.select_for_update(no_key=True).order_by("pk")
    contacts = {each.pk: each for each in rows.filter(pk__in={each.pk for each in reports if not each.booking_id})}
    for report in reports:
        if report.booking_id is not None:
            report.booking = bookings.get(report.booking_id)
        elif report.pk in contacts:
            report.contact = contacts[report.pk]


def lock_concerns_of(report: Report) -> list[Concern]:
    return list(Concern.objects.select_for_update(no_key=True).filter(report=report).order_by("pk"))


def lock_concern(concern: Concern) -> None:
    """Lock the row and re-read it."""
    concern.refresh_from_db(from_queryset=Concern.objects.select_for_update(no_key=True))


def lock_concerns(*concerns: Concern) -> None:
    """Lock these concerns in order of id."""
    for concern in sorted(concerns, key=lambda each: each.pk):
        lock_concern(concern)


def lock_improvement(improvement: Improvement) -> list[Concern]:
    """Lock everyone who waits for the improvement, the improvement, and its concerns. Return these.

    One that joins meanwhile isn't among them, but it has made another version of the improvement.
    """
    found = {concern.pk: concern for concern in improvement.concerns.select_related("report__borough__bcu")}
    lock_recipients_of(*found.values())
    lock_improvement_row(improvement)
    concerns = [concern for concern in lock_joined_concerns(improvement) if concern.pk in found]
    for concern in concerns:
        concern.report = found[concern.pk].report
    return concerns


def lock_joined_concerns(improvement: Improvement) -> list[Concern]:
    """Lock the concerns of an improvement by id, and read them. The caller holds the lock of the improvement."""
    rows = improvement.concerns.select_for_update(no_key=True, of=("self",))
    return list(rows.select_related("report").order_by("pk"))


def lock_improvement_row(improvement: Improvement) -> None:
    """Lock the row and re-read it. The caller holds the locks of the bookings, and takes those of concerns next."""
    improvement.refresh_from_db(from_queryset=Improvement.objects.select_for_update(no_key=True))
