"""Send the morning digest."""

import datetime
from dataclasses import dataclass

from django.db import transaction
from django.db.models import Q

from feedback.digest import emails
from feedback.digest.counts import Count, counts_of
from feedback.models.concerns import Concern
from feedback.models.improvements import Improvement
from feedback.models.referrals import improvements_to_do
from feedback.statuses import ACTIVE_STATES, AWAITING_SCREENING
from walkandtalk.lib import london
from walkandtalk.lib.addresses import public_url


@dataclass(frozen=True)
class DigestRecipient:
    """The inbox of a BCU, or a nominated inspector, with the rows that its digest counts."""

    key: str
    address: str
    team: str
    whose: Q


@transaction.atomic
def send_digest(inbox: DigestRecipient, *, now: datetime.datetime) -> None:
    """Send a team the counts of its open work, unless all are zero."""
    counts = [*counts_of(inbox.whose, now), *_concerns(inbox.whose, now)]
    if any(count.number for count in counts):
        emails.team_digest(inbox.address, inbox.team, counts, key=inbox.key, now=now)


def _concerns(whose: Q, now: datetime.datetime) -> list[Count]:
    concerns, today = Concern.objects.filter(whose).not_being_deleted(), london.local(now).date()
    url = public_url("feedback:concerns")
    # Those of an improvement are counted with it.
    overdue = concerns.filter(state__in=ACTIVE_STATES, review_date__lt=today, improvement=None)
    improvements = improvements_to_do(Improvement.objects.filter(whose), today)
    return [
        Count("Concerns to check", concerns.filter(state__in=AWAITING_SCREENING).count(), url),
        Count("Concerns past their day to look again", overdue.count(), url),
        Count("Improvements to look at", improvements.count(), public_url("improvements:list")),
    ]
