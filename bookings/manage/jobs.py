"""The job that answers link requests."""

import datetime

from django.db import transaction

from bookings.manage import actions
from bookings.models.bookings import Booking
from bookings.models.links import LinkRequest
from bookings.notices import threads
from outbox.jobs import BATCH, for_each
from outbox.models import Message

MINIMUM_LINK_INTERVAL = datetime.timedelta(minutes=10)


def resend_links(now: datetime.datetime) -> None:
    """Send each link that was asked for. Only here do we learn whether there is anything to send."""
    asked = LinkRequest.objects.filter(asked_at__lte=now).order_by("asked_at")[:BATCH]
    for_each(asked, lambda request: _send_requested_link(request, now))


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
