"""Decides which sender may send a message now: leases, order, the rate limit and expiry.

A message is claimed in a transaction of its own, which saves the attempt and the lease before any connection is opened.
If a sender dies with a message, its lease runs out and another sender claims the message.
"""

import uuid
from datetime import datetime, timedelta

from django.conf import settings
from django.db import IntegrityError, connection, transaction
from django.db.models import Q
from django.utils import timezone

from outbox.models import Attempt, Message
from outbox.statuses import WAITING, State, Step
from walkandtalk.lib.database.restores import IS_COMPLETE
from walkandtalk.lib.rows import save_changes

# Longer than sending can take (smtp.SEND_TIMEOUT_SECONDS), so that two senders never hold the same message.
LEASE = timedelta(seconds=60)
MINUTE = timedelta(minutes=1)
NO_LEASE = {"lease_until": None, "lease_token": None}
# An arbitrary number that nothing else in the database locks.
RATE_LIMIT_LOCK_ID = 1_706_012_001


class Withdrawn(Exception):
    """The message is no longer ours to send, because it was superseded or we lost the lease."""


def expire_overdue() -> None:
    """Close messages that are past their expiry, or that were superseded while a sender died with them."""
    now = timezone.now()
    abandoned = Q(state=State.SENDING, lease_until__lt=now)
    messages = Message.objects.filter(IS_COMPLETE)
    messages.filter(abandoned, superseded_at__isnull=False).update(state=State.SUPERSEDED, **NO_LEASE)
    nobody_has_it = Q(state__in=WAITING) | abandoned
    messages.filter(nobody_has_it, expires_at__lte=now).update(state=State.EXPIRED, **NO_LEASE)


def claim(which: Q) -> Message | None:
    """Take the lease of the oldest message that may be sent, and record the attempt before anything is sent."""
    now = timezone.now()
    try:
        # Durable, because a lease that is not committed protects nothing.
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
        # Another message of the thread was claimed between our read and our write.
        return None


def _force_index_order() -> None:
    """Make PostgreSQL follow the index, which is already in the order we want.

    PostgreSQL expects few messages to be waiting, and would read and sort all of them for each claim. With 1,000
    waiting, that added 4 ms to a claim.
    """
    with connection.cursor() as cursor:  # applies until the transaction ends
        cursor.execute("SET LOCAL enable_sort = off")


def start_attempt(message: Message, now: datetime) -> None:
    if message.state == State.SENDING:
        # Its sender no longer exists, and we don't know whether the server has the message.
        Attempt.objects.create(message=message, number=message.attempts, step=Step.UNANSWERED)
    save_changes(
        message,
        state=State.SENDING,
        attempts=message.attempts + 1,
        lease_token=uuid.uuid4(),
        lease_until=now + LEASE,
    )
    Attempt.objects.create(message=message, number=message.attempts, step=Step.STARTED)


def holds_lease(message: Message) -> Q:
    """Match the row only while the table still has the lease of this copy."""
    return Q(pk=message.pk, state=State.SENDING, lease_token=message.lease_token)


def renew_lease(message: Message) -> None:
    """Extend the lease just before the content is sent. Raise Withdrawn if the message should no longer go."""
    now = timezone.now()
    still_wanted = Q(superseded_at=None) & (Q(expires_at=None) | Q(expires_at__gt=now))
    if not Message.objects.filter(holds_lease(message), still_wanted).update(lease_until=now + LEASE):
        raise Withdrawn


def _is_below_rate_limit(now: datetime) -> bool:
    """Return whether another message may be sent this minute. Counted in the table, so it needs no Redis."""
    limit: int = settings.EMAIL_PER_MINUTE
    if not limit:
        return True
    with connection.cursor() as cursor:  # held until the transaction ends, so that two senders never count concurrently
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [RATE_LIMIT_LOCK_ID])
    return Attempt.objects.filter(step=Step.STARTED, at__gt=now - MINUTE).count() < limit
