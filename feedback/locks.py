"""Locks on concerns: those who are told, by id, then the improvement, then concerns by id."""

from feedback.models.concerns import Concern, Report
from feedback.models.improvements import Improvement
from feedback.recipients import recipient_of


def lock_booking_of(concern: Concern) -> None:
    """Lock the booking, or the contact of a report without one, before the concern.

    It may be erased, or its messages stopped, at the same moment.
    """
    lock_recipients_of(concern)


def lock_recipients_of(*concerns: Concern) -> None:
    """Lock everyone who is told about these concerns."""
    found = {each.report_id: recipient_of(each.report) for each in concerns}
    recipients = {recipient.key: recipient for recipient in found.values() if recipient is not None}
    for key in sorted(recipients):
        recipients[key].lock()


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
    found = list(improvement.concerns.select_related("report__booking"))
    lock_recipients_of(*found)
    lock_improvement_row(improvement)
    lock_concerns(*found)
    return [concern for concern in found if concern.improvement_id == improvement.pk]


def lock_improvement_row(improvement: Improvement) -> None:
    """Lock the row and re-read it. The caller holds the locks of the bookings, and takes those of concerns next."""
    improvement.refresh_from_db(from_queryset=Improvement.objects.select_for_update(no_key=True))
