"""Confirm a request, report it as not mine, expire it, or remind the requester to confirm."""

import datetime

from django.db import transaction
from django.db.models import Exists, OuterRef, Q
from django.utils import timezone
from django.utils.translation import gettext as _

from bookings.events import record
from bookings.locks import check_version, lock_booking
from bookings.models.booking_queries import BookingQuerySet
from bookings.models.bookings import Booking
from bookings.models.events import Event
from bookings.models.legal_holds import active_hold
from bookings.models.links import Link
from bookings.notices.letters import queue_walk_card
from bookings.notices.reminders import FULL_NOTICE_EVENTS
from bookings.notices.threads import requester_thread
from bookings.permissions import awaits_confirmation, can_confirm_by_phone
from bookings.read_log import require_number_opened
from bookings.request_form.emails import send_confirm_reminder
from bookings.retention.actions import erase_booking
from bookings.statuses import ContactMethod, EventKind, Reminder, Status
from bookings.transitions import transition_booking
from boroughs.models.officers import Officer
from outbox.actions import supersede
from walkandtalk.lib.errors import TransitionNotAllowed, require
from walkandtalk.lib.rows import save_changes

FIRST_REMINDER_AFTER = datetime.timedelta(hours=1)
SECOND_REMINDER_AFTER = datetime.timedelta(days=1)


def due_for_confirmation_reminder(now: datetime.datetime) -> BookingQuerySet:
    """Return bookings still unconfirmed after an hour, and again after a day."""
    waiting = Booking.objects.filter(status=Status.WAITING, confirmed_at=None).emailable()
    hour, day = now - FIRST_REMINDER_AFTER, now - SECOND_REMINDER_AFTER
    first = Q(unconfirmed_since__lte=hour, unconfirmed_since__gt=day) & ~_notified_since(FIRST_REMINDER_AFTER)
    return waiting.filter(first | Q(unconfirmed_since__lte=day) & ~_notified_since(SECOND_REMINDER_AFTER))


def _notified_since(after: datetime.timedelta) -> Q:
    notices = Event.objects.filter(
        booking=OuterRef("pk"), kind__in=FULL_NOTICE_EVENTS, at__gte=OuterRef("unconfirmed_since") + after
    )
    return Q(Exists(notices))


@transaction.atomic
def confirm_booking(booking: Booking) -> None:
    """Confirm the request, because the requester pressed the button, gave her PIN or answered an offer."""
    lock_booking(booking)
    _confirm(booking)


@transaction.atomic
def confirm_from_message(booking: Booking, *, token: str) -> None:
    """Confirm the request, and a new address if this link was sent there. Then the card with names can go to it."""
    lock_booking(booking)
    _confirm(booking)
    contact = booking.contact
    link = Link.objects.open(token, Link.Purpose.PAGE)
    if contact.address_unconfirmed_since is None or link is None or link.email_hmac not in contact.address_hmacs:
        return
    save_changes(contact, address_unconfirmed_since=None)
    event = record(EventKind.ADDRESS_CONFIRMED, booking=booking)
    if booking.status == Status.SCHEDULED and booking.walk is not None and booking.walk.start_at > timezone.now():
        queue_walk_card(booking, "booking_scheduled", event, changes=[])


@transaction.atomic
def confirm_by_phone(booking: Booking, *, by: Officer, version: int) -> None:
    """Confirm the request, because an inspector rang the requester's number and she said that the request is hers.

    Raise ActionError unless the inspector opened the number within the last hour.
    """
    lock_booking(booking)
    require(can_confirm_by_phone(by, booking))
    check_version(booking, version=version)
    require_number_opened(booking, by=by)
    if awaits_confirmation(booking) and booking.contact.email:
        save_changes(booking.contact, address_unconfirmed_since=timezone.now())  # the call proves nothing about it
    _confirm(booking, by=by, method=ContactMethod.PHONE)


def _confirm(booking: Booking, *, by: Officer | None = None, method: str = "") -> None:
    if not awaits_confirmation(booking):
        return
    save_changes(booking, confirmed_at=timezone.now(), version=booking.version + 1)
    record(EventKind.CONFIRMED, booking=booking, by=by, code=method)


@transaction.atomic
def report_booking_not_mine(booking: Booking) -> None:
    """Record that the reader of a message did not ask. Messages stop; nothing is deleted."""
    lock_booking(booking)
    if booking.confirmed_at is not None:
        raise TransitionNotAllowed(_("Someone has already confirmed this request. Cancel it instead."))
    transition_booking(booking, Status.NOT_MINE, kind=EventKind.REPORTED_NOT_MINE)
    supersede(requester_thread(booking))


@transaction.atomic
def expire_booking(booking: Booking, *, now: datetime.datetime) -> None:
    """Expire a booking that nobody confirmed in time. Erase its personal details at once, unless they are held."""
    lock_booking(booking)
    if Booking.objects.expired_unconfirmed(now).contains(booking):
        transition_booking(booking, Status.EXPIRED, kind=EventKind.EXPIRED)
        if active_hold(booking, now) is None:
            erase_booking(booking)


@transaction.atomic
def send_confirmation_reminder(booking: Booking, *, now: datetime.datetime) -> None:
    """Remind the requester to confirm, or to say that the request is not hers."""
    lock_booking(booking)
    if due_for_confirmation_reminder(now).filter(pk=booking.pk).exists():
        reminder = Reminder.DAY_LATER if booking.asked_at <= now - SECOND_REMINDER_AFTER else Reminder.HOUR_LATER
        event = record(EventKind.REMINDED, booking=booking, code=reminder)
        send_confirm_reminder(booking, event)
