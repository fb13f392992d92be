"""Send the morning digest."""

import datetime
from dataclasses import dataclass

from django.conf import settings
from django.db import transaction
from django.db.models import Q
from django.urls import reverse

from feedback.digest import emails
from feedback.digest.counts import Count, counts_of
from feedback.models.concerns import Concern
from feedback.statuses import ACTIVE_STATES, AWAITING_SCREENING
from walkandtalk.lib import london


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
    concerns = Concern.objects.filter(whose).not_being_deleted()
    url = f"{settings.PUBLIC_URL}{reverse('feedback:concerns')}"
    overdue = concerns.filter(state__in=ACTIVE_STATES, review_date__lt=london.local(now).date())
    return [
        Count("Concerns to check", concerns.filter(state__in=AWAITING_SCREENING).count(), url),
        Count("Concerns past their day to look again", overdue.count(), url),
    ]
