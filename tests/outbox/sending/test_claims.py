from datetime import timedelta

import pytest
from django.db import connection, transaction
from django.db.models import Q
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from outbox.models import Attempt, Message
from outbox.sending import claims, delivery
from outbox.statuses import State
from tests.support.concurrency import run_concurrently
from tests.support.message_sending import deliver

pytestmark = pytest.mark.django_db


def test_rate_limit_allows_its_number_of_messages_a_minute(sink, queue, settings):
    settings.EMAIL_PER_MINUTE = 3
    for _ in range(5):
        queue()

    tried = delivery.deliver_due(limit=10)

    assert (tried, len(sink.received)) == (3, 3)
    assert Message.objects.filter(state=State.PENDING).count() == 2


def test_rate_limit_starts_again_each_minute(sink, queue, settings):
    settings.EMAIL_PER_MINUTE = 1
    queue(), queue()
    delivery.deliver_due(limit=10)
    Attempt.objects.update(at=timezone.now() - timedelta(seconds=61))

    assert delivery.deliver_due(limit=10) == 1


def test_task_at_the_rate_limit_leaves_the_message_pending(sink, queue, settings):
    settings.EMAIL_PER_MINUTE = 1
    deliver(queue().pk)

    assert deliver(queue().pk) == State.PENDING


@pytest.mark.django_db(transaction=True)
def test_simultaneous_senders_share_the_rate_limit(queue, settings):
    settings.EMAIL_PER_MINUTE = 5
    messages = [queue(thread=f"requester:{number}") for number in range(12)]

    claimed = run_concurrently(*[lambda pk=message.pk: claims.claim(Q(pk=pk)) for message in messages])

    assert sum(message is not None for message in claimed) == 5


def test_message_that_expires_while_claimed_is_not_sent(sink, queue):
    message = queue(expires_at=timezone.now() + timedelta(hours=1))
    claimed = claims.claim(Q(pk=message.pk))
    Message.objects.filter(pk=message.pk).update(expires_at=timezone.now())

    with pytest.raises(claims.Withdrawn):
        claims.renew_lease(claimed)


def test_claim_uses_the_index_without_sorting(queue):
    for number in range(300):
        queue(thread=f"requester:{number}")
    with CaptureQueriesContext(connection) as asked:
        claims.claim(Q())

    with transaction.atomic(), connection.cursor() as cursor:
        for query in asked:
            if query["sql"].startswith(("SET", "SELECT")):
                cursor.execute(f"EXPLAIN {query['sql']}" if query["sql"].startswith("SELECT") else query["sql"])
        plan = "\n".join(row[0] for row in cursor.fetchall())

    assert "message_unsent" in plan
    assert "Sort" not in plan
