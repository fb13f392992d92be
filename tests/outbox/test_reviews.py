"""Messages that may have been sent before a restore wait until someone decides about them."""

import datetime
from io import StringIO

import pytest
from django.core.management import CommandError, call_command
from django.db import transaction
from django.utils import timezone

from outbox.actions import erase_thread, mark_resolved, messages_for_review, supersede, supersede_to
from outbox.models import Message
from outbox.reviews import hold_for_review, settle_with_mail_server
from outbox.sending import delivery
from outbox.sending.reconciliation import AcceptanceAnswer
from outbox.statuses import State, Step
from tests.support.message_sending import abandon_claim, attempt_steps

pytestmark = pytest.mark.django_db


def states():
    return dict(Message.objects.values_list("dedupe_key", "state"))


def review(**options):
    printed = StringIO()
    call_command("review_messages", **options, stdout=printed)
    return printed.getvalue()


@pytest.fixture
def in_review(queue):
    def in_review(**changes):
        message = queue(**changes)
        Message.objects.filter(pk=message.pk).update(state=State.REVIEW)
        return message

    return in_review


def test_hold_keeps_back_what_may_have_been_sent_and_nothing_else(queue):
    now = timezone.now()
    waiting, in_hand, ahead, sent = (queue(thread=f"requester:{number}") for number in range(4))
    abandon_claim(in_hand)
    Message.objects.filter(pk=ahead.pk).update(next_at=now + datetime.timedelta(minutes=1))
    Message.objects.filter(pk=sent.pk).update(state=State.SENT, sent_at=now)

    held = hold_for_review(stopped_at=timezone.now())
    tried = delivery.deliver_due(limit=10)

    assert (held, tried) == (2, 0)
    assert states() == {
        waiting.dedupe_key: State.REVIEW,
        in_hand.dedupe_key: State.REVIEW,
        ahead.dedupe_key: State.PENDING,
        sent.dedupe_key: State.SENT,
    }


def test_message_that_was_due_after_the_stop_is_sent(queue, mailoutbox):
    queue()

    held = hold_for_review(stopped_at=timezone.now() - datetime.timedelta(minutes=1))
    delivery.deliver_due(limit=10)

    assert (held, len(mailoutbox)) == (0, 1)


def test_message_written_for_review_is_not_sent(queue, mailoutbox):
    with messages_for_review():
        queue()
    queue(thread="requester:2")

    delivery.deliver_due(limit=10)

    assert sorted(states().values()) == [State.REVIEW, State.SENT]
    assert len(mailoutbox) == 1


def test_message_in_review_counts_as_a_delivery_problem(in_review):
    in_review()

    assert Message.objects.undelivered(timezone.now()).count() == 1
    assert Message.objects.get().is_undelivered_or_late(timezone.now())


def accepted_even(message_id):
    return {"0": AcceptanceAnswer.ACCEPTED, "1": AcceptanceAnswer.NOT_ACCEPTED}.get(
        Message.objects.get(message_id=message_id).thread[-1], AcceptanceAnswer.UNKNOWN
    )


def test_mail_server_that_can_be_asked_decides(in_review, settings):
    settings.EMAIL_RECONCILER = "tests.outbox.test_reviews.accepted_even"
    messages = [in_review(thread=f"requester:{number}") for number in range(3)]

    settle_with_mail_server()

    assert [states()[message.dedupe_key] for message in messages] == [State.SENT, State.PENDING, State.REVIEW]
    assert attempt_steps(messages[0]) == [(0, Step.FOUND, None)]


def test_mail_log_decides_about_what_it_names(in_review, tmp_path):
    sent, unknown = in_review(), in_review(thread="requester:2")
    log = tmp_path / "mail.log"
    log.write_text(f"Nov 30 10:00 mail postfix/cleanup[1]: 4B5: message-id={sent.message_id}\n")

    printed = review(mail_log=str(log))

    assert states() == {sent.dedupe_key: State.SENT, unknown.dedupe_key: State.REVIEW}
    assert "Found in the log, so sent: 1" in printed
    assert "1  requester, the oldest from" not in printed
    assert "Messages in review: 1" in printed


def test_operator_decides_by_kind(in_review, mailoutbox):
    in_review(dedupe_key="booking:1:scheduled:x", thread="requester:1")
    in_review(dedupe_key="booking:2:reminder:x", thread="requester:2")

    review(not_sent=["scheduled"], sent=["reminder"])
    delivery.deliver_due(limit=10)

    assert set(states().values()) == {State.SENT}
    assert len(mailoutbox) == 1


def test_unknown_kind_changes_nothing(in_review):
    in_review()

    with pytest.raises(CommandError, match="No message in review is of the kind remnider"):
        review(sent=["remnider"])

    assert set(states().values()) == {State.REVIEW}


def test_older_news_is_not_sent_after_newer_news(in_review, queue, mailoutbox):
    old = in_review()
    queue()
    delivery.deliver_due(limit=10)

    review(not_sent=["all"])
    delivery.deliver_due(limit=10)

    assert states()[old.dedupe_key] == State.SUPERSEDED
    assert len(mailoutbox) == 1


def test_message_that_an_inspector_has_dealt_with_is_not_sent(in_review):
    message = in_review()
    mark_resolved(message)

    printed = review(not_sent=["all"])

    assert "Will be sent now: 0" in printed
    assert states() == {message.dedupe_key: State.REVIEW}


@pytest.mark.parametrize(
    "stop",
    [
        lambda: supersede("requester:1"),
        lambda: supersede_to("Ada@example.com", thread_prefixes=["requester:"]),
        lambda: erase_thread("requester:1"),
    ],
    ids=["supersede", "supersede_to", "erase_thread"],
)
def test_message_in_review_that_was_stopped_is_neither_sent_nor_a_problem(in_review, mailoutbox, stop):
    stopped = in_review()

    with transaction.atomic():
        stop()
    review(not_sent=["all"])
    delivery.deliver_due(limit=10)

    stopped.refresh_from_db()
    assert (stopped.state, mailoutbox) == (State.SUPERSEDED, [])
    assert not Message.objects.undelivered(timezone.now()).exists()


def test_message_in_review_that_somebody_dealt_with_stays_as_it_is(in_review):
    dealt_with = in_review()
    with transaction.atomic():
        mark_resolved(dealt_with)
        supersede("requester:1")

    dealt_with.refresh_from_db()
    assert (dealt_with.state, dealt_with.superseded_at) == (State.REVIEW, None)
