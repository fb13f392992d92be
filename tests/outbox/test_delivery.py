import logging
import threading
from datetime import timedelta

import pytest
from django.db import Error, IntegrityError, connection, transaction
from django.db.models import Q
from django.utils import timezone

from outbox import actions, claims, delivery, smtp
from outbox.models import Message, State, Step
from tests.outbox.conftest import cut_database_connections, deliver, eventually
from tests.support.lock_waits import somebody_waits

pytestmark = pytest.mark.django_db

# Where a second connection has to see what the first one wrote.
with_threads = pytest.mark.django_db(transaction=True)


def steps(message):
    return [(attempt.number, attempt.step, attempt.code) for attempt in message.log.order_by("pk")]


def make_due(message):
    Message.objects.filter(pk=message.pk).update(next_at=timezone.now())


def lose_the_mover(message):
    """As if the mover had been killed in the middle: the row is in hand, and its lease has run out."""
    claims.claim(Q(pk=message.pk))
    Message.objects.filter(pk=message.pk).update(lease_until=timezone.now() - timedelta(seconds=1))


def in_thread(work):
    """Run it on a connection of its own."""

    def run():
        try:
            work()
        finally:
            connection.close()

    thread = threading.Thread(target=run)
    thread.start()
    return thread


def test_deliver_hands_the_message_over(sink, queue):
    message = queue()

    state = deliver(message.pk)

    message.refresh_from_db()
    assert state == message.state == State.SENT
    assert sink.received[0].mail_from == "hello@walkandtalk.example.com"
    assert sink.received[0].rcpt_tos == ["ada@example.com"]
    assert sink.greetings == ["walkandtalk.example.com"]
    assert (message.attempts, message.last_code, message.lease_token) == (1, 250, None)
    assert steps(message) == [(1, Step.STARTED, None), (1, Step.ACCEPTED, 250)]


def test_deliver_does_nothing_a_second_time(sink, queue):
    message = queue()
    deliver(message.pk)

    state = deliver(message.pk)

    assert state == State.SENT
    assert len(sink.received) == 1


@with_threads
def test_deliver_writes_attempt_and_lease_before_anything_is_sent(sink, queue):
    message = queue()
    seen = []

    def look():
        row = Message.objects.get(pk=message.pk)
        seen.append((row.state, row.lease_until > timezone.now() + timedelta(seconds=50), steps(row)))
        connection.close()

    sink.at_data = look
    deliver(message.pk)

    assert seen == [(State.SENDING, True, [(1, Step.STARTED, None)])]


@pytest.mark.parametrize("answer", ["451 try later", "421 closing"])
def test_deliver_tries_again_later_after_a_temporary_refusal(sink, queue, answer):
    message = queue()
    sink.answers.append(answer)

    state = deliver(message.pk)

    message.refresh_from_db()
    assert state == State.RETRY
    assert timedelta(seconds=3) < message.next_at - timezone.now() < timedelta(seconds=7)
    assert message.last_code == int(answer[:3])
    assert deliver(message.pk) == State.RETRY
    assert len(sink.received) == 1


def test_deliver_sends_the_same_bytes_again(sink, queue):
    calendar = actions.Attachment("walk.ics", "text/calendar; method=PUBLISH", b"BEGIN:VCALENDAR\r\n", alternative=True)
    message = queue(html="<p>Hello Zoë</p>", attachments=[calendar])
    sink.answers.append("451 try later")
    deliver(message.pk)
    make_due(message)

    state = deliver(message.pk)

    first, second = sink.contents
    assert state == State.SENT
    assert first == second
    assert message.message_id.encode() in first


@pytest.mark.parametrize("where", ["answers", "recipient_answers"])
def test_deliver_fails_at_once_when_refused_for_good(sink, queue, where):
    message = queue()
    getattr(sink, where).append("550 no such person")

    state = deliver(message.pk)

    message.refresh_from_db()
    assert state == State.FAILED
    assert message.last_code == 550
    assert steps(message)[-1] == (1, Step.REFUSED, 550)


def test_deliver_tries_again_when_the_connection_drops_after_the_content(sink, queue):
    message = queue()
    sink.answers.append("drop")

    state = deliver(message.pk)

    assert state == State.RETRY
    assert steps(message)[-1] == (1, Step.UNANSWERED, None)


def test_deliver_tries_again_when_nobody_answers_the_port(sink, queue, settings):
    settings.EMAIL_PORT = 9
    message = queue()

    state = deliver(message.pk)

    assert state == State.RETRY
    assert steps(message)[-1] == (1, Step.DEFERRED, None)


def test_deliver_cuts_a_server_that_hangs(sink, queue, monkeypatch):
    monkeypatch.setattr(smtp, "OPERATION_SECONDS", 5.0)
    monkeypatch.setattr(smtp, "HAND_OVER_SECONDS", 0.3)
    message = queue()
    sink.answers.append("hang")
    begun = timezone.now()

    state = deliver(message.pk)

    assert state == State.RETRY
    assert timezone.now() - begun < timedelta(seconds=2)
    assert steps(message)[-1] == (1, Step.UNANSWERED, None)


def test_deliver_gives_each_operation_its_own_time_too(sink, queue, monkeypatch):
    monkeypatch.setattr(smtp, "OPERATION_SECONDS", 0.3)
    message = queue()
    sink.answers.append("hang")
    begun = timezone.now()

    state = deliver(message.pk)

    assert state == State.RETRY
    assert timezone.now() - begun < timedelta(seconds=2)


def test_deliver_sends_nothing_when_time_ran_out_before_the_content(sink, queue, monkeypatch):
    message = queue()
    renew = claims.renew

    def dawdle(message):
        renew(message)
        eventually(lambda: threading.active_count() == before)

    before = threading.active_count()
    monkeypatch.setattr(smtp, "HAND_OVER_SECONDS", 0.3)
    monkeypatch.setattr(delivery, "renew", dawdle)

    state = deliver(message.pk)

    assert state == State.RETRY
    assert sink.received == []
    assert steps(message)[-1] == (1, Step.DEFERRED, None)


def test_a_mover_that_died_leaves_a_message_that_is_sent_again_as_it_was(sink, queue):
    message = queue()
    lose_the_mover(message)

    tried = delivery.deliver_due(limit=10)

    message.refresh_from_db()
    assert (tried, message.state, len(sink.received)) == (1, State.SENT, 1)
    assert steps(message) == [
        (1, Step.STARTED, None),
        (1, Step.UNANSWERED, None),
        (2, Step.STARTED, None),
        (2, Step.ACCEPTED, 250),
    ]


def test_a_message_in_hand_is_left_alone(sink, queue):
    message = queue()
    claims.claim(Q(pk=message.pk))

    state = deliver(message.pk)

    assert state == State.SENDING
    assert sink.received == []


def test_the_lease_is_renewed_before_the_content(sink, queue):
    message = queue()
    held = claims.claim(Q(pk=message.pk))
    Message.objects.filter(pk=message.pk).update(lease_until=timezone.now() + timedelta(seconds=1))

    claims.renew(held)

    message.refresh_from_db()
    assert message.lease_until > timezone.now() + timedelta(seconds=50)


def test_a_mover_that_lost_its_lease_stops_before_the_content(sink, queue):
    message = queue()
    slow = claims.claim(Q(pk=message.pk))
    Message.objects.filter(pk=message.pk).update(lease_until=timezone.now() - timedelta(seconds=1))
    deliver(message.pk)

    delivery.Mover()._send(slow)

    message.refresh_from_db()
    assert len(sink.received) == 1
    assert message.state == State.SENT
    assert [step for _, step, _ in steps(message)].count(Step.ACCEPTED) == 1


def test_only_the_holder_of_the_lease_finishes(sink, queue):
    message = queue()
    slow = claims.claim(Q(pk=message.pk))
    Message.objects.filter(pk=message.pk).update(lease_until=timezone.now() - timedelta(seconds=1))
    quick = claims.claim(Q(pk=message.pk))

    delivery.finish(slow, delivery.Outcome(Step.REFUSED, 550))

    message.refresh_from_db()
    assert (message.state, message.lease_token) == (State.SENDING, quick.lease_token)


@with_threads
def test_two_movers_at_once_make_one_transaction(sink, queue):
    message = queue()
    start = threading.Barrier(4)

    def move():
        start.wait()
        deliver(message.pk)

    movers = [in_thread(move) for _ in range(4)]
    for mover in movers:
        mover.join()

    message.refresh_from_db()
    assert (message.state, message.attempts, len(sink.received)) == (State.SENT, 1, 1)


@with_threads
def test_a_mover_passes_by_a_row_that_another_is_claiming(sink, queue):
    message = queue()
    other = queue(thread="her:2")

    with transaction.atomic():
        Message.objects.select_for_update(no_key=True).get(pk=message.pk)
        mover = in_thread(lambda: delivery.deliver_due(limit=10))
        mover.join(timeout=3)
        was_quick = not mover.is_alive()
    mover.join()

    message.refresh_from_db()
    other.refresh_from_db()
    assert was_quick
    assert (message.state, other.state) == (State.PENDING, State.SENT)


@with_threads
def test_a_mover_that_loses_the_race_for_a_thread_leaves_the_message_for_later(sink, queue):
    older, newer = queue(), queue()
    Message.objects.filter(pk=older.pk).update(state=State.FAILED)

    with transaction.atomic():
        older.refresh_from_db()
        claims.take(older, timezone.now())
        mover = in_thread(lambda: deliver(newer.pk))
        eventually(somebody_waits)
    mover.join()

    newer.refresh_from_db()
    assert (newer.state, newer.attempts, sink.received) == (State.PENDING, 0, [])


@with_threads
def test_a_database_that_goes_away_leaves_the_message_to_its_lease(sink, queue):
    message = queue()
    sink.at_recipient = cut_database_connections

    with pytest.raises(Error):
        deliver(message.pk)
    connection.close()

    message.refresh_from_db()
    assert (message.state, sink.received) == (State.SENDING, [])


@with_threads
def test_many_movers_on_many_messages_send_each_once_and_in_order(sink, queue):
    messages = [queue(thread=f"her:{number % 5}", subject=f"number {number}") for number in range(30)]

    def move():
        while Message.objects.filter(state__in=["pending", "sending"]).exists():
            delivery.deliver_due(limit=5)

    movers = [in_thread(move) for _ in range(4)]
    for mover in movers:
        mover.join()

    subjects = [int(content.split(b"Subject: number ")[1].split(b"\r\n")[0]) for content in sink.contents]
    assert sorted(subjects) == list(range(30))
    for thread in range(5):
        assert [number for number in subjects if number % 5 == thread] == list(range(thread, 30, 5))
    assert Message.objects.filter(state=State.SENT).count() == len(messages)


def test_a_newer_message_of_the_thread_waits_for_the_older(sink, queue):
    older, newer, of_another = queue(), queue(), queue(thread="her:2")
    sink.answers.append("451 try later")
    deliver(older.pk)

    states = [deliver(message.pk) for message in (newer, of_another)]

    assert states == [State.PENDING, State.SENT]
    make_due(older)
    assert delivery.deliver_due(limit=10) == 2
    assert [content.count(older.message_id.encode()) for content in sink.contents] == [1, 0, 1, 0]


def test_a_newer_message_waits_while_the_older_is_in_hand(sink, queue):
    older, newer = queue(), queue()
    claims.claim(Q(pk=older.pk))

    state = deliver(newer.pk)

    assert state == State.PENDING
    assert sink.received == []


def test_a_refused_message_does_not_hold_the_next_one_up(sink, queue):
    older, newer = queue(), queue()
    sink.answers.append("550 no")
    deliver(older.pk)

    assert deliver(newer.pk) == State.SENT


def test_a_reminder_for_later_holds_nothing_up_and_waits_for_its_hour(sink, queue):
    reminder, newer = queue(send_after=timezone.now() + timedelta(hours=1)), queue()

    states = [deliver(message.pk) for message in (reminder, newer)]

    assert states == [State.PENDING, State.SENT]


def test_the_database_allows_one_message_of_a_thread_in_hand(queue):
    older, newer = queue(), queue()
    claims.claim(Q(pk=older.pk))

    with pytest.raises(IntegrityError, match="one_message_of_a_thread"), transaction.atomic():
        claims.take(newer, timezone.now())


def test_a_message_past_its_hour_is_never_sent(sink, queue):
    message = queue(expires_at=timezone.now() - timedelta(seconds=1))

    state = deliver(message.pk)

    assert state == State.EXPIRED
    assert sink.received == []


def test_a_message_that_expires_after_the_sweep_cannot_be_claimed(queue):
    message = queue(expires_at=timezone.now() + timedelta(seconds=10))

    assert list(Message.objects.claimable(timezone.now())) == [message]
    assert not Message.objects.claimable(timezone.now() + timedelta(seconds=10)).exists()


def test_a_message_whose_mover_died_expires_too(sink, queue):
    message = queue(expires_at=timezone.now() + timedelta(hours=1))
    lose_the_mover(message)
    Message.objects.filter(pk=message.pk).update(expires_at=timezone.now())

    assert deliver(message.pk) == State.EXPIRED
    assert sink.received == []


def test_three_tries_are_made_before_a_message_is_of_no_use(sink, queue):
    message = queue(expires_at=timezone.now() + timedelta(seconds=6))
    sink.answers.extend(["451 later", "451 later"])

    for _ in range(2):
        deliver(message.pk)
        message.refresh_from_db()
        assert message.next_at < message.expires_at - timedelta(seconds=1)
        make_due(message)

    assert deliver(message.pk) == State.SENT


def test_the_waits_grow_and_are_never_quite_the_same(queue):
    message = queue()
    now = timezone.now()

    waits = []
    for message.attempts in range(1, 12):
        waits.append(delivery.wait_before_next(message, now).total_seconds())

    assert all(
        0.8 * wait.total_seconds() <= got <= 1.2 * wait.total_seconds()
        for wait, got in zip(delivery.WAITS, waits, strict=False)
    )
    assert len(set(waits)) == len(waits)
    assert 0.8 * 3600 <= waits[-1] <= 1.2 * 3600


def test_a_message_is_given_up_after_days(sink, queue):
    message = queue()
    Message.objects.filter(pk=message.pk).update(created_at=timezone.now() - timedelta(days=4))
    sink.answers.append("451 later")

    assert deliver(message.pk) == State.FAILED


def test_superseded_messages_are_not_sent(sink, queue):
    older = queue()
    with transaction.atomic():
        count = actions.supersede("her:1")
    newer = queue()

    states = [deliver(message.pk) for message in (older, newer)]

    assert count == 1
    assert states == [State.SUPERSEDED, State.SENT]
    assert len(sink.received) == 1


def test_a_message_superseded_in_hand_is_stopped_before_the_content(sink, queue):
    message = queue()
    held = claims.claim(Q(pk=message.pk))
    with transaction.atomic():
        actions.supersede("her:1")

    delivery.Mover()._send(held)

    message.refresh_from_db()
    assert message.state == State.SUPERSEDED
    assert sink.received == []
    assert steps(message)[-1] == (1, Step.WITHDRAWN, None)


@with_threads
@pytest.mark.parametrize(("answer", "state"), [("250 OK", State.SENT), ("drop", State.SUPERSEDED)])
def test_a_message_superseded_while_its_content_goes_is_sent_or_never_tried_again(sink, queue, answer, state):
    message = queue()

    def supersede():
        with transaction.atomic():
            actions.supersede("her:1")
        connection.close()

    sink.at_data = supersede
    sink.answers.append(answer)

    assert deliver(message.pk) == state


def test_an_ambiguous_superseded_message_is_never_sent_again(sink, queue):
    message = queue()
    lose_the_mover(message)
    with transaction.atomic():
        actions.supersede("her:1")

    claimed, state = claims.claim(Q(pk=message.pk)), deliver(message.pk)

    assert (claimed, state) == (None, State.SUPERSEDED)
    assert sink.received == []


def test_one_unreadable_message_does_not_stop_the_others(sink, queue, caplog):
    broken, fine = queue(subject="canary-7431", recipient="canary@example.com"), queue(thread="her:2")
    with connection.cursor() as cursor:
        cursor.execute("UPDATE outbox_message SET text = subject WHERE id = %s", [broken.pk])

    tried = delivery.deliver_due(limit=10)

    broken.refresh_from_db(fields=["state"])
    fine.refresh_from_db(fields=["state"])
    assert (tried, broken.state, fine.state) == (2, State.RETRY, State.SENT)
    assert f"Message {broken.pk} could not be sent: DecryptionError" in caplog.text


def test_logs_hold_ids_and_numbers_alone(sink, queue, caplog):
    caplog.set_level(logging.DEBUG)
    sink.answers.extend(["250 OK", "451 canary later", "550 canary@example.com unknown", "drop"])

    for number in range(4):
        deliver(queue(thread=f"her:{number}", recipient="canary@example.com", subject="canary").pk)

    ours = [record.getMessage() for record in caplog.records if record.name.startswith("outbox")]
    assert len(ours) == 4
    assert "canary" not in "".join(ours)


def test_mail_lands_in_the_mailoutbox_of_a_test(queue, mailoutbox):
    message = queue(html="<p>Hello</p>")

    state = deliver(message.pk)

    assert state == State.SENT
    assert [(mail.to, mail.subject, mail.body) for mail in mailoutbox] == [
        (["ada@example.com"], message.subject, message.text)
    ]
    assert mailoutbox[0].alternatives[0].content == "<p>Hello</p>"
