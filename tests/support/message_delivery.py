"""Messages on their way to the mail server."""

from datetime import timedelta

from django.db.models import Q
from django.utils import timezone

from outbox import claims
from outbox.models import Message


def attempt_steps(message):
    """Return the number, step and code of each line in the message's log."""
    return [(attempt.number, attempt.step, attempt.code) for attempt in message.log.order_by("pk")]


def make_due(message):
    Message.objects.filter(pk=message.pk).update(next_at=timezone.now())


def abandon_claim(message):
    """Claim the message and let the lease run out, as if the mover had been killed in the middle."""
    claims.claim(Q(pk=message.pk))
    Message.objects.filter(pk=message.pk).update(lease_until=timezone.now() - timedelta(seconds=1))
