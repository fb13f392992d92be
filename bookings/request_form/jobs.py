"""Jobs that send reminders about unconfirmed requests, expire them, and tell teams about new requests."""

import datetime

from django.db.models import CharField, Exists, F, OuterRef, Q, Value
from django.db.models.functions import Cast, Concat

from bookings.models.booking_queries import BookingQuerySet
from bookings.models.bookings import Booking
from bookings.models.events import Event
from bookings.request_form import confirmation as request_form_confirmation
from bookings.request_form.actions import notify_team_of_hour, notify_team_of_request
from bookings.request_form.confirmation import due_for_confirmation_reminder, expire_booking
from bookings.request_form.emails import NEW_REQUEST
from bookings.statuses import EventKind, Status
from boroughs.models.bcus import BoroughCommandUnit, NewRequestMail
from outbox.jobs import BATCH, for_each
from outbox.models import Message

NOTIFY_TEAM_WITHIN = datetime.timedelta(days=1)
URGENT_WITHIN = datetime.timedelta(days=1)
COUNTED_HOURLY = Q(
    bcu__new_request_mail=NewRequestMail.HOURLY,
    nominated_inspector=None,
    answer_due_at__gt=F("asked_at") + URGENT_WITHIN,
)
"""Requests that can wait for the hourly message of their team. A nominated inspector has an inbox of her own."""


def expire_unconfirmed_bookings(now: datetime.datetime) -> None:
    rows = Booking.objects.expired_unconfirmed(now).order_by("pk")[:BATCH]
    for_each(rows, lambda booking: expire_booking(booking, now=now))


def send_confirmation_reminder(now: datetime.datetime) -> None:
    """Remind requesters who have not confirmed, after an hour and after a day."""
    rows = due_for_confirmation_reminder(now).order_by("unconfirmed_since", "pk")[:BATCH]
    for_each(rows, lambda booking: request_form_confirmation.send_confirmation_reminder(booking, now=now))


def notify_teams_of_requests(now: datetime.datetime) -> None:
    """Tell teams at once about requests, unless the team wants them counted hourly."""
    new = _untold(now).exclude(COUNTED_HOURLY).select_related("bcu", "borough", "nominated_inspector")
    for_each(new.order_by("walk_needed_at", "pk")[:BATCH], notify_team_of_request)


def notify_teams_hourly(now: datetime.datetime) -> None:
    """Tell teams that want it so how many requests there were until the last full hour."""
    counted = _untold(now).filter(COUNTED_HOURLY)
    teams = BoroughCommandUnit.objects.filter(new_request_mail=NewRequestMail.HOURLY).order_by("code")
    for_each(teams, lambda bcu: notify_team_of_hour(bcu, counted.filter(bcu=bcu), now=now))


def _untold(now: datetime.datetime) -> BookingQuerySet:
    """Return requests from the last day that still wait and have no message of their own, except phone bookings."""
    prefix, suffix = NEW_REQUEST
    key = Concat(Value(prefix), Cast(OuterRef("pk"), CharField()), Value(suffix), output_field=CharField())
    notified = Message.objects.filter(dedupe_key=key)
    by_phone = Event.objects.filter(booking=OuterRef("pk"), kind=EventKind.REQUESTED, by__isnull=False)
    waiting = Booking.objects.filter(status=Status.WAITING, times_passed_at=None, asked_at__gt=now - NOTIFY_TEAM_WITHIN)
    return waiting.filter(~Exists(notified), ~Exists(by_phone))
