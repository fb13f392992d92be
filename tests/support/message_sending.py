"""Helpers for sending messages to a mail server."""

from datetime import timedelta

from django.db import connection
from django.db.models import Q
from django.utils import timezone

from outbox.models import Message
from outbox.sending import claims
from outbox.sending.delivery import Sender
from outbox.statuses import State

UNREACHABLE_REDIS = "redis://127.0.0.1:9/0"


def attempt_steps(message):
    """Return the number, step and code of each line in the message's log."""
    return [(attempt.number, attempt.step, attempt.code) for attempt in message.log.order_by("pk")]


def make_due(message):
    Message.objects.filter(pk=message.pk).update(next_at=timezone.now())


def abandon_claim(message):
    """Claim the message and let the lease run out, as if the sender had been killed in the middle."""
    claims.claim(Q(pk=message.pk))
    Message.objects.filter(pk=message.pk).update(lease_until=timezone.now() - timedelta(seconds=1))


def deliver(message_id):
    """Let a sender process this message once, and return the state afterwards."""
    claims.expire_overdue()
    with Sender() as sender:
        sender.deliver(message_id)
    return State(Message.objects.values_list("state", flat=True).get(pk=message_id))


def cut_database_connections():
    """Close every other connection of our role, like a server restart. Call it from a thread other than the test's."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
            " WHERE datname = current_database() AND usename = current_user AND pid <> pg_backend_pid()"
        )
    connection.close()
