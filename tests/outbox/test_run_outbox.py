import os
import signal
import threading
import time

import pytest
from django.conf import settings
from django.core.management import call_command
from django.db import connection

from outbox.models import Heartbeat, Message
from outbox.sending.delivery import Sender
from outbox.statuses import State
from tests.support.message_sending import cut_database_connections
from tests.support.wait_until import wait_until

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture(autouse=True)
def _restore_signals():
    handlers = {number: signal.getsignal(number) for number in (signal.SIGTERM, signal.SIGINT)}
    yield
    for number, handler in handlers.items():
        signal.signal(number, handler)


@pytest.fixture
def run_beside_the_loop():
    """Return a function that runs work beside the loop and then ends it. The loop needs the main thread for signals."""
    threads, errors = [], []

    def run_beside_the_loop(work, *, end=signal.SIGTERM):
        def run():
            try:
                wait_until(lambda: Heartbeat.objects.filter(name="loop").exists())
                work()
            except BaseException as error:  # noqa: BLE001 - the main thread shows it
                errors.append(error)
            finally:
                connection.close()
                os.kill(os.getpid(), end)

        threads.append(threading.Thread(target=run))
        threads[-1].start()

    yield run_beside_the_loop
    for thread in threads:
        thread.join()
    assert errors == []


def is_sent(message):
    return lambda: Message.objects.filter(pk=message.pk, state=State.SENT).exists()


def test_once_delivers_due_messages_and_ends(sink, queue, capsys):
    queue(), queue(thread="requester:2")

    call_command("run_outbox", "--once")

    assert capsys.readouterr().out == "Tried 2.\n"
    assert len(sink.received) == 2


@pytest.mark.parametrize("end", [signal.SIGTERM, signal.SIGINT])
def test_loop_delivers_without_a_broker_until_a_signal(sink, queue, run_beside_the_loop, broker, end):
    broker(None)
    first = queue()

    def work():
        wait_until(is_sent(first))
        wait_until(is_sent(queue()))

    run_beside_the_loop(work, end=end)
    call_command("run_outbox", "--interval", "0.05")

    assert len(sink.received) == 2


def test_loop_stops_quickly(run_beside_the_loop):
    signals = []
    run_beside_the_loop(lambda: signals.append(time.monotonic()))

    call_command("run_outbox", "--interval", "30")

    assert time.monotonic() - signals[0] < 10


def test_loop_survives_lost_database_connections(sink, queue, run_beside_the_loop, caplog):
    def work():
        time.sleep(0.3)  # the loop is then between two rounds, outside any transaction
        cut_database_connections()
        wait_until(is_sent(queue()))

    run_beside_the_loop(work)
    call_command("run_outbox", "--interval", "0.05")

    assert 1 <= caplog.text.count("The database does not answer") <= 3  # each of the three threads, once
    connection.close()  # the test's own connection was closed too
    # In the morning the loop's jobs write to the auditor, too.
    assert len([envelope for envelope in sink.received if settings.AUDITOR_EMAIL not in envelope.rcpt_tos]) == 1


def test_loop_leaves_jobs_to_beat_if_there_is_a_broker(run_beside_the_loop, broker):
    broker("redis://127.0.0.1:9/0")
    run_beside_the_loop(lambda: time.sleep(0.2))

    call_command("run_outbox", "--interval", "0.05")

    assert list(Heartbeat.objects.values_list("name", flat=True)) == ["loop"]


def test_slow_recipient_does_not_delay_others(sink, queue, run_beside_the_loop):
    sink.answers.append("hang")
    slow = queue(thread="requester:slow")

    def work():
        wait_until(lambda: sink.received)
        wait_until(is_sent(queue()), seconds=2)
        assert Message.objects.get(pk=slow.pk).state == State.SENDING
        sink.release.set()

    run_beside_the_loop(work)
    call_command("run_outbox", "--interval", "0.05")

    assert len(sink.received) == 2


def test_failing_sender_ends_the_loop_so_that_it_restarts(queue, monkeypatch):
    def fail(sender):
        raise RuntimeError("a bug")

    monkeypatch.setattr(Sender, "deliver_next", fail)

    with pytest.raises(RuntimeError, match="a bug"):
        call_command("run_outbox", "--interval", "0.05")
