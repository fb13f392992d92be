"""Work that the clock starts. Each job picks rows and calls an action for each; running it twice does no harm."""

import datetime

from django.db.models import Exists, OuterRef
from django.db.models.functions import Coalesce

from bookings.models import Booking
from bookings.statuses import Channel, Status
from feedback import actions
from feedback.models import Invitation
from walkandtalk.lib import london

ASK_FROM = datetime.time(9)
ASK_WITHIN = datetime.timedelta(days=14)


def invite_after_walks(now: datetime.datetime) -> None:
    """From 9am on the day after her walk, for two weeks: later she would wonder what we want."""
    if london.local(now).time() < ASK_FROM:
        return
    midnight = london.to_instant(london.local(now).date(), datetime.time(0))
    walked = Booking.objects.filter(status=Status.COMPLETED).exclude(channel=Channel.NONE)
    rows = walked.annotate(over_at=Coalesce("walk__ended_at", "walk__start_at")).filter(
        ~Exists(Invitation.objects.filter(booking=OuterRef("pk"))), over_at__lt=midnight, over_at__gte=now - ASK_WITHIN
    )
    for booking in rows.select_related("contact", "bcu").order_by("pk"):
        actions.invite_to_tell_us(booking, now=now)
