"""The job that ends proposals that nobody answered."""

import datetime

from administration.models import Proposal
from administration.proposals.actions import expire
from outbox.jobs import BATCH, for_each


def expire_proposals(now: datetime.datetime) -> None:
    """End those that nobody answered within 7 days, and tell whoever proposed them."""
    for_each(Proposal.objects.unanswered(now).order_by("asked_at")[:BATCH], expire)
