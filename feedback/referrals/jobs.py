"""Jobs that take the news of our messages and of partners’ own systems, and delete old links and words."""

import datetime

from django.conf import settings
from django.db.models import QuerySet

from feedback.models.referrals import ASKING_KINDS, LINK_LIFE, ReferralAnswerWords, ReferralLink
from feedback.referrals.actions import record_undelivered, take_open311_news
from outbox.jobs import for_each
from outbox.models import Message
from outbox.statuses import UNDELIVERED
from partners.models.open311 import Open311Request
from walkandtalk.lib import london

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


def delete_old_words(now: datetime.datetime) -> None:
    """Delete partners' own words at the age at which the words of concerns are erased."""
    words_due_for_deletion(now).delete()


def words_due_for_deletion(now: datetime.datetime) -> QuerySet[ReferralAnswerWords]:
    return ReferralAnswerWords.objects.filter(answer__at__lte=london.years_before(now, settings.KEEP_CONCERNS_YEARS))
