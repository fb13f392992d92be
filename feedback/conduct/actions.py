"""Complaints about an officer's conduct go sealed to professional standards (docs/rules.md#conduct).

No event, no line of a log and no row says that a requester did this: an officer's friend could read it.
"""

import datetime
import uuid

from django.conf import settings
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.limits import RateLimit
from accounts.models import RateCount
from bookings.models.bookings import Booking
from feedback.conduct.emails import ConductReport, conduct_reported, is_written
from feedback.permissions import can_submit_report
from outbox.actions import send_again
from outbox.models import Message
from walkandtalk.lib.errors import ActionError, require

REPORTS_A_DAY = 5
"""For one booking. Someone who has her link could flood professional standards."""
DAY = datetime.timedelta(days=1)
TRY_AGAIN_AFTER = DAY
KEEP_COPY = datetime.timedelta(days=7)
"""A mail server may report for some days that a message did not arrive. Until then our sealed copy is the only one."""


class TooManyConductReports(ActionError):
    pass


@transaction.atomic
def report_conduct(booking: Booking, report: ConductReport, *, submission: uuid.UUID) -> None:
    """Send the requester's words to professional standards. The same page sent twice makes one message."""
    require(can_submit_report(booking) and bool(settings.CONDUCT_INBOX))
    key = uuid.uuid5(submission, f"{booking.pk} {report!r}")
    if is_written(key):
        return
    limit = RateLimit(f"conduct reports of {booking.pk}", DAY, REPORTS_A_DAY)
    if RateCount.objects.take([limit], now=timezone.now()):
        raise TooManyConductReports(
            _(
                "We haven’t sent this, because we’ve sent %(most)s from here today. It’s still here, so you can send "
                "it tomorrow. Or use one of the other ways on this page."
            )
            % {"most": REPORTS_A_DAY}
        )
    conduct_reported(booking, report, key=key)


@transaction.atomic
def send_to_standards_again(message: Message, *, now: datetime.datetime) -> None:
    """Send what did not arrive again, to the inbox that is set now, and keep no second copy of it."""
    if send_again(message, recipient=settings.CONDUCT_INBOX, event_id=now.date()):
        message.delete()
