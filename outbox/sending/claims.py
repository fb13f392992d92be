"""Who may send a message now: leases, order, limits, and what comes too late.

A message is claimed in a transaction of its own, with its attempt and a lease written before any connection is opened.
Whoever dies with it in hand leaves a lease that runs out, and the message is taken up again.
"""

import uuid
from datetime import datetime, timedelta

from django.conf import settings
from django.db import IntegrityError, connection, transaction
from django.db.models import Q
from django.utils import timezone

from outbox.models import Attempt, Message
from outbox.statuses import WAITING, State, Step

# Longer than a hand-over can take (smtp.HAND_OVER_SECONDS), so that no two senders ever hold the same message.
LEASE = timedelta(seconds=60)
MINUTE = timedelta(minutes=1)
NO_LEASE = {"lease_until": None, "lease_token": None}
# Any number that nothing else in the database locks.
RATE_LIMIT_LOCK_ID = 1_706_012_001


class Withdrawn(Exception):
    """The message is no longer ours to send: overtaken by newer news, or the lease was lost."""


def expire_overdue() -> None:
    """What came too late is never sent, nor is what was overtaken while a sender that is gone had it in hand."""
    now = timezone.now()
    abandoned = Q(state=State.SENDING, lease_until__lt=now)
    Message.objects.filter(abandoned, superseded_at__isnull=False).update(state=State.SUPERSEDED, **NO_LEASE)
    nobody_has_it = Q(state__in=WAITING) | abandoned
    Message.objects.filter(nobody_has_it, expires_at__lte=now).update(state=State.EXPIRED, **NO_LEASE)


def claim(which: Q) -> Message | None:
    """Take the lease of the oldest message that may go, and write the attempt down before anything is sent."""
    now = timezone.now()
    try:
        # Durable: what is not committed protects nothing.
        with transaction.atomic(durable=True):
            if not _is_below_rate_limit(now):
                return None
            _force_index_order()
            claimable = Message.objects.claimable(now).filter(which)
            message = claimable.select_for_update(skip_locked=True, no_key=True).first()
            if message:
                start_attempt(message, now)
            return message
    except IntegrityError:
        # Another message of the thread was taken between our look and our write.
        return None


def _force_index_order() -> None:
    """PostgreSQL believes that few messages wait, and would read and sort all of them for each one that is taken.

    With 1,000 waiting that took 4 ms of a claim; along the index, whose order is the one we want, it takes none of it.
    """
    with connection.cursor() as cursor:  # until the end of the transaction
        cursor.execute("SET LOCAL enable_sort = off")


def start_attempt(message: Message, now: datetime) -> None:
    if message.state == State.SENDING:
        # Its sender is gone, and nobody here knows whether the server has it.
        Attempt.objects.create(message=message, number=message.attempts, step=Step.UNANSWERED)
    message.state = State.SENDING
    message.attempts += 1
    message.lease_token = uuid.uuid4()
    message.lease_until = now + LEASE
    message.save(update_fields=["state", "attempts", "lease_token", "lease_until"])
    Attempt.objects.create(message=message, number=message.attempts, step=Step.STARTED)


def holds_lease(message: Message) -> Q:
    """The row, while the lease that this copy holds is still the one in the table."""
    return Q(pk=message.pk, state=State.SENDING, lease_token=message.lease_token)


def renew_lease(message: Message) -> None:
    """The last look before the content goes: still ours, and still news?"""
    now = timezone.now()
    still_wanted = Q(superseded_at=None) & (Q(expires_at=None) | Q(expires_at__gt=now))
    if not Message.objects.filter(holds_lease(message), still_wanted).update(lease_until=now + LEASE):
        raise Withdrawn


def _is_below_rate_limit(now: datetime) -> bool:
    """Whether the mail server takes another one this minute. Counted in the table, so it holds without Redis."""
    limit: int = settings.EMAIL_PER_MINUTE
    if not limit:
        return True
    with connection.cursor() as cursor:  # until the end of the transaction: two senders never count the same
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [RATE_LIMIT_LOCK_ID])
    return Attempt.objects.filter(step=Step.STARTED, at__gt=now - MINUTE).count() < limit
