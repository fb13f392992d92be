"""Jobs that send reminders about unconfirmed requests, expire them, and tell teams about new requests."""

import datetime

from django.db.models import CharField, Exists, OuterRef, Value
from django.db.models.functions import Cast, Concat

from bookings.models.bookings import Booking
from bookings.models.events import Event
from bookings.request_form import confirmation as request_form_confirmation
from bookings.request_form.actions import notify_team_of_request
from bookings.request_form.confirmation import due_for_confirmation_reminder, expire_booking
from bookings.request_form.emails import NEW_REQUEST
from bookings.statuses import EventKind, Status
from outbox.jobs import BATCH, for_each
from outbox.models import Message

NOTIFY_TEAM_WITHIN = datetime.timedelta(days=1)


def expire_unconfirmed_bookings(now: datetime.datetime) -> None:
    rows = Booking.objects.expired_unconfirmed(now).order_by("pk")[:BATCH]
    for_each(rows, lambda booking: expire_booking(booking, now=now))


def send_confirmation_reminder(now: datetime.datetime) -> None:
    """Remind requesters who have not confirmed, after an hour and after a day."""
    rows = due_for_confirmation_reminder(now).order_by("unconfirmed_since", "pk")[:BATCH]
    for_each(rows, lambda booking: request_form_confirmation.send_confirmation_reminder(booking, now=now))


def notify_teams_of_requests(now: datetime.datetime) -> None:
    """Tell teams about requests from the last day that are still waiting, except phone bookings."""
    prefix, suffix = NEW_REQUEST
    key = Concat(Value(prefix), Cast(OuterRef("pk"), CharField()), Value(suffix), output_field=CharField())
    notified = Message.objects.filter(dedupe_key=key)
    by_phone = Event.objects.filter(booking=OuterRef("pk"), kind=EventKind.REQUESTED, by__isnull=False)
    waiting = Booking.objects.filter(status=Status.WAITING, times_passed_at=None, asked_at__gt=now - NOTIFY_TEAM_WITHIN)
    new = waiting.filter(~Exists(notified), ~Exists(by_phone)).select_related("bcu", "borough", "nominated_inspector")
    for_each(new.order_by("walk_needed_at", "pk")[:BATCH], notify_team_of_request)
