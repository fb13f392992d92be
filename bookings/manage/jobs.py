"""The jobs that answer link requests, report wrong PINs, and end the sessions of erased bookings."""

import datetime
from functools import partial
from uuid import UUID

from django.contrib.sessions.models import Session
from django.db import transaction
from django.db.models import Count, QuerySet

from bookings.manage import actions
from bookings.manage.page_access import ACCESS_SESSION_KEYS
from bookings.models.bookings import Booking
from bookings.models.events import Event
from bookings.models.links import LinkRequest
from bookings.models.wrong_pins import WrongPin
from bookings.notices import threads
from bookings.statuses import EventKind
from outbox.jobs import BATCH, for_each
from outbox.models import Message
from walkandtalk.lib import london

WRONG_PINS_A_DAY = 20
MINIMUM_LINK_INTERVAL = datetime.timedelta(minutes=10)


def resend_links(now: datetime.datetime) -> None:
    """Send each link that was asked for. Only here do we learn whether there is anything to send."""
    asked = LinkRequest.objects.filter(asked_at__lte=now).order_by("asked_at")[:BATCH]
    for_each(asked, lambda request: _send_requested_link(request, now))


def report_wrong_pins(now: datetime.datetime) -> None:
    """Tell each requester on whose booking many wrong PINs were entered today or yesterday. Forget older ones."""
    today = london.local(now).date()
    yesterday = today - datetime.timedelta(days=1)
    for day in (yesterday, today):
        for_each(_entered_wrongly_often(day), partial(actions.record_wrong_pins, day=day))
    WrongPin.objects.filter(at__lt=_midnight(yesterday)).delete()


def _entered_wrongly_often(day: datetime.date) -> QuerySet[Booking]:
    """Return the bookings with so many wrong PINs on this day in London, unless their requester has been told."""
    tries = WrongPin.objects.filter(at__gte=_midnight(day), at__lt=_midnight(day + datetime.timedelta(days=1)))
    often = tries.values("booking_key").annotate(tries=Count("pk")).filter(tries__gte=WRONG_PINS_A_DAY)
    told = Event.objects.filter(kind=EventKind.WRONG_PINS, code=day.isoformat())
    bookings = Booking.objects.filter(pk__in=often.values("booking_key"), erased_at=None)
    return bookings.exclude(pk__in=told.values("booking")).order_by("pk")[:BATCH]


def _midnight(day: datetime.date) -> datetime.datetime:
    return london.first_instant(day, datetime.time())


def end_sessions_of_erased_bookings(now: datetime.datetime) -> None:
    """End each session that still names an erased booking.

    Sessions are decoded one by one: requesters' sessions last half an hour, so there are few.
    """
    named = {session.pk: _bookings_named_in(session) for session in Session.objects.iterator()}
    all_named = set().union(*named.values())
    erased = set(Booking.objects.filter(pk__in=all_named, erased_at__isnull=False).values_list("pk", flat=True))
    over = [key for key, bookings in named.items() if bookings & erased]
    Session.objects.filter(pk__in=over).delete()


def _bookings_named_in(session: Session) -> set[UUID]:
    data = session.get_decoded()
    return {UUID(pk) for key in ACCESS_SESSION_KEYS for pk in data.get(key, {})}


@transaction.atomic
def _send_requested_link(request: LinkRequest, now: datetime.datetime) -> None:
    held = LinkRequest.objects.select_for_update(skip_locked=True).filter(pk=request.pk).first()
    if held is None:
        return
    held.delete()
    booking = Booking.objects.filter(reference=request.reference).select_related("contact", "bcu").first()
    if booking is not None and not _was_link_sent_recently(booking, now):
        actions.resend_link(booking, request_id=str(request.pk))


def _was_link_sent_recently(booking: Booking, now: datetime.datetime) -> bool:
    """Return whether a link was sent recently, so that someone who has seen the reference cannot flood her inbox."""
    messages = Message.objects.in_thread(threads.requester_thread(booking))
    return messages.filter(kind="link", created_at__gt=now - MINIMUM_LINK_INTERVAL).exists()
