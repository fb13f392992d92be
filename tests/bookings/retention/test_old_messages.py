"""The emptied rows of old messages are deleted, but none that is still needed."""

import datetime

import pytest
from django.utils import timezone

from bookings.notices.threads import officer_thread, requester_thread, team_thread
from bookings.retention.jobs import delete_old_messages
from bookings.statuses import Status
from outbox.models import Attempt, Message
from outbox.statuses import State, Step
from tests.support.factories import BookingFactory, WalkFactory

pytestmark = pytest.mark.django_db


def days_ago(days):
    return timezone.now() - datetime.timedelta(days=days)


def make_message(thread, **fields):
    old = days_ago(401)
    row = {"thread": thread, "kind": "scheduled", "state": State.SENT, "sent_at": old, "created_at": old} | fields
    key = f"x:{Message.objects.count()}:scheduled"
    texts = dict.fromkeys(["recipient", "subject", "text", "html"], "")
    return Message.objects.create(
        dedupe_key=key, message_id=f"<{key}@example.com>", sender="a@example.com", **texts, **row
    )


@pytest.fixture
def erased(db):
    return BookingFactory(status=Status.COMPLETED, walk=WalkFactory(erased_at=days_ago(300)), erased_at=days_ago(300))


def test_old_messages_of_erased_bookings_and_walks_go_with_their_attempts(erased, officer):
    walk = erased.walk
    for thread in (requester_thread(erased), officer_thread(walk, officer), team_thread(walk), "digest:AS"):
        Attempt.objects.create(message=make_message(thread), number=1, step=Step.STARTED)

    delete_old_messages(timezone.now())

    assert (Message.objects.count(), Attempt.objects.count()) == (0, 0)


def test_newer_and_unsent_messages_stay(erased):
    make_message(requester_thread(erased), created_at=days_ago(399))
    make_message(requester_thread(erased), state=State.PENDING)

    delete_old_messages(timezone.now())

    assert Message.objects.count() == 2


def test_messages_of_bookings_and_walks_with_details_stay(officer):
    booking = BookingFactory(status=Status.COMPLETED, walk=WalkFactory())
    make_message(requester_thread(booking))
    make_message(officer_thread(booking.walk, officer))

    delete_old_messages(timezone.now())

    assert Message.objects.count() == 2


def test_one_run_deletes_batch_after_batch(erased, monkeypatch):
    monkeypatch.setattr("bookings.retention.jobs.MESSAGES_BATCH", 2)
    for _each in range(5):
        make_message(requester_thread(erased))

    delete_old_messages(timezone.now())

    assert Message.objects.count() == 0


def test_run_whose_time_is_over_leaves_the_newest_for_the_next(erased, monkeypatch):
    monkeypatch.setattr("bookings.retention.jobs.MESSAGES_BATCH", 2)
    monkeypatch.setattr("outbox.jobs.DELETING_SECONDS", 0)
    for days in (402, 405, 403, 404):
        make_message(requester_thread(erased), created_at=days_ago(days))

    delete_old_messages(timezone.now())

    created = Message.objects.order_by("created_at").values_list("created_at", flat=True)
    assert [(timezone.now() - each).days for each in created] == [403, 402]
