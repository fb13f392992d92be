"""Jobs that take what happened to our messages to partners and the news of their own systems, and delete links."""

import datetime

from feedback.models.referrals import ASKING_KINDS, LINK_LIFE, ReferralLink
from feedback.referrals.actions import record_undelivered, take_open311_news
from outbox.jobs import for_each
from outbox.models import Message
from outbox.statuses import UNDELIVERED
from partners.models.open311 import Open311Request

BATCH = 200


def record_undelivered_referrals(now: datetime.datetime) -> None:
    """Put referrals whose message bounced or could not be sent on the inspectors’ lists."""
    lost = Message.objects.filter(kind__in=ASKING_KINDS, state__in=UNDELIVERED, resolved_at=None)
    for_each(lost.order_by("number")[:BATCH], record_undelivered)


def take_news(now: datetime.datetime) -> None:
    """Save what partners’ own systems say of our referrals."""
    for_each(Open311Request.objects.with_news()[:BATCH], take_open311_news)


def delete_old_links(now: datetime.datetime) -> None:
    """Delete the links of referrals that ended as long ago as a link works."""
    ReferralLink.objects.filter(referral__ended_at__lte=now - LINK_LIFE).delete()
