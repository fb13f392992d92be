"""Work that the clock starts. Each job picks rows and calls an action for each; running it twice does no harm."""

import datetime

from django.db import transaction

from bookings import actions
from bookings.models import Booking, Draft, LinkRequest, RateCount
from bookings.statuses import Status

UNCONFIRMED_FOR = datetime.timedelta(days=7)
COUNTS_KEPT_FOR = datetime.timedelta(days=1)


def forget_drafts(now: datetime.datetime) -> None:
    """Answers that were not sent live for 60 minutes."""
    Draft.objects.filter(expires_at__lte=now).delete()
    RateCount.objects.filter(window__lte=now - COUNTS_KEPT_FOR).delete()


def expire_unconfirmed_bookings(now: datetime.datetime) -> None:
    rows = Booking.objects.filter(status=Status.WAITING, confirmed_at=None, asked_at__lte=now - UNCONFIRMED_FOR)
    for booking in rows.order_by("pk"):
        actions.expire_booking(booking)


def send_links_again(now: datetime.datetime) -> None:
    """Answer those who asked for their link: only here is it known whether there is anything to send."""
    for uuid in LinkRequest.objects.filter(asked_at__lte=now).order_by("asked_at").values_list("pk", flat=True):
        with transaction.atomic():
            request = LinkRequest.objects.select_for_update(skip_locked=True).filter(pk=uuid).first()
            if request is None:
                continue
            booking = Booking.objects.filter(reference=request.reference).select_related("contact", "bcu").first()
            if booking is not None:
                actions.send_link_again(booking, request_id=str(request.pk))
            request.delete()
