"""Jobs for the evening list, alerts and closing walks."""

import datetime

from django.db.models import Exists, OuterRef

from bookings.models.bookings import Booking
from bookings.models.conditions import attendance_needed
from bookings.models.events import Event
from bookings.models.walk_queries import end_overdue, past_end_without_bookings
from bookings.on_the_day import actions, emails
from bookings.on_the_day.alerts import SECOND, send_attendance_alert, send_end_overdue_alert, since_last_undo
from bookings.on_the_day.evening_list import walks_for_evening_list
from bookings.on_the_day.outcomes.actions import close_walk
from bookings.on_the_day.undo import free_officers
from bookings.statuses import EventKind
from boroughs.models.officers import Officer
from outbox.jobs import BATCH, for_each
from outbox.models import Message
from walks.models.walks import Walk


def send_evening_list(now: datetime.datetime) -> None:
    """Send each officer her own walks until 3pm tomorrow. Send nothing before 3pm."""
    assigned = Officer.objects.filter(
        assignments__walk__in=walks_for_evening_list(now), assignments__is_live=True, is_active=True
    )
    officers = {emails.evening_list_key(officer.pk, now): officer for officer in assigned.distinct().order_by("pk")}
    queued_keys = set(Message.objects.filter(dedupe_key__in=officers).values_list("dedupe_key", flat=True))
    recipients = [officer for key, officer in officers.items() if key not in queued_keys]
    for_each(recipients[:BATCH], lambda officer: actions.send_evening_list(officer, now=now))


def send_on_the_day_alerts(now: datetime.datetime) -> None:
    """Send alerts about walks that nobody has ended, and requesters who may be going to a cancelled walk."""
    second_alerts = since_last_undo(Event.objects.filter(walk=OuterRef("pk"))).filter(
        kind=EventKind.END_OVERDUE, code=SECOND
    )
    for_each(
        end_overdue(Walk.objects.all(), now).filter(~Exists(second_alerts)).order_by("pk")[:BATCH],
        send_end_overdue_alert,
    )
    attendance_alerts = Event.objects.filter(booking=OuterRef("pk"), kind=EventKind.ATTENDANCE_NEEDED)
    for_each(
        Booking.objects.filter(~Exists(attendance_alerts), attendance_needed(now)).order_by("pk")[:BATCH],
        send_attendance_alert,
    )


def free_officers_of_ended_walks(now: datetime.datetime) -> None:
    """Free the officers of walks that ended early, once nobody can undo “Ended safely” any more."""
    for_each(Walk.objects.with_officers_to_free(now).select_related("bcu").order_by("pk")[:BATCH], free_officers)


def close_walks(now: datetime.datetime) -> None:
    """Close walks past their end time with no scheduled bookings."""
    for_each(past_end_without_bookings(Walk.objects.all(), now).order_by("pk")[:BATCH], close_walk)
