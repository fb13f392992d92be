"""Urgent alerts to the team. A job may call them often: each alert is sent only once."""

from django.db import transaction
from django.db.models import Exists, OuterRef, QuerySet
from django.utils import timezone

from bookings.events import record
from bookings.locks import lock_booking
from bookings.models.bookings import Booking
from bookings.models.conditions import needs_attendance
from bookings.models.events import Event
from bookings.on_the_day import emails
from bookings.statuses import EventKind, Status
from walks.locks import lock_walk
from walks.models.walks import ALERT_AFTER, ALERT_AGAIN_AFTER, Walk

FIRST, SECOND = "first", "second"


@transaction.atomic
def send_end_overdue_alert(walk: Walk) -> None:
    """Alert the team half an hour after the end of a walk that nobody has ended, and again 15 minutes later.

    If an officer undoes “Ended safely” later than that, the team is alerted anew, because it believed her.
    """
    lock_walk(walk)
    late = timezone.now() - walk.end_at
    if not walk.is_live or late < ALERT_AFTER or not walk.bookings.filter(status=Status.SCHEDULED).exists():
        return
    alert = FIRST if late < ALERT_AGAIN_AFTER else SECOND
    if since_last_undo(walk.events.all()).filter(kind=EventKind.END_OVERDUE, code=alert).exists():
        return
    event = record(EventKind.END_OVERDUE, walk=walk, code=alert)
    emails.send_team_end_overdue(walk, event)


def since_last_undo(events: QuerySet[Event]) -> QuerySet[Event]:
    """Return the events of one walk after the last time that an officer undid “Ended safely”."""
    undone = Event.objects.filter(walk=OuterRef("walk"), kind=EventKind.END_UNDONE, at__gt=OuterRef("at"))
    return events.filter(~Exists(undone))


@transaction.atomic
def send_attendance_alert(booking: Booking) -> None:
    """Alert the team if a cancelled walk begins within half an hour and the requester may not know."""
    lock_booking(booking)
    if not needs_attendance(booking, timezone.now()):
        return
    if booking.events.filter(kind=EventKind.ATTENDANCE_NEEDED).exists():
        return
    event = record(EventKind.ATTENDANCE_NEEDED, booking=booking)
    emails.send_team_attendance_needed(booking, event)
