import os
import signal
import threading
import time

import pytest
from django.core.management import call_command
from django.db import connection

from outbox.models import Heartbeat, Message
from outbox.sending.delivery import Sender
from outbox.statuses import State
from tests.support.message_sending import cut_database_connections
from tests.support.wait_until import wait_until

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture(autouse=True)
def _signals_as_before():
    handlers = {number: signal.getsignal(number) for number in (signal.SIGTERM, signal.SIGINT)}
    yield
    for number, handler in handlers.items():
        signal.signal(number, handler)


@pytest.fixture
def meanwhile():
    """Runs beside the loop, which needs the main thread for its signals, and always ends it."""
    threads, errors = [], []

    def meanwhile(work, *, end=signal.SIGTERM):
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

    yield meanwhile
    for thread in threads:
        thread.join()
    assert errors == []


def is_sent(message):
    return lambda: Message.objects.filter(pk=message.pk, state=State.SENT).exists()


def test_once_delivers_what_is_due_and_ends(sink, queue, capsys):
    queue(), queue(thread="requester:2")

    call_command("run_outbox", "--once")

    assert capsys.readouterr().out == "Tried 2.\n"
    assert len(sink.received) == 2


@pytest.mark.parametrize("end", [signal.SIGTERM, signal.SIGINT])
def test_the_loop_delivers_without_a_queue_until_it_is_told_to_stop(sink, queue, meanwhile, broker, end):
    broker(None)
    first = queue()

    def work():
        wait_until(is_sent(first))
        wait_until(is_sent(queue()))

    meanwhile(work, end=end)
    call_command("run_outbox", "--interval", "0.05")

    assert len(sink.received) == 2


def test_the_loop_stops_quickly(meanwhile):
    told = []
    meanwhile(lambda: told.append(time.monotonic()))

    call_command("run_outbox", "--interval", "30")

    assert time.monotonic() - told[0] < 10


def test_the_loop_survives_the_database_going_away(sink, queue, meanwhile, caplog):
    def work():
        time.sleep(0.3)  # so that the loop is between two looks, outside any transaction
        cut_database_connections()
        wait_until(is_sent(queue()))

    meanwhile(work)
    call_command("run_outbox", "--interval", "0.05")

    assert 1 <= caplog.text.count("The database does not answer") <= 3  # each of the three threads, once
    connection.close()  # ours was cut too, and the loop had no use for it again
    assert len(sink.received) == 1


def test_the_loop_leaves_the_jobs_to_the_queue_where_there_is_one(meanwhile, broker):
    broker("redis://127.0.0.1:9/0")
    meanwhile(lambda: time.sleep(0.2))

    call_command("run_outbox", "--interval", "0.05")

    assert list(Heartbeat.objects.values_list("name", flat=True)) == ["loop"]


def test_one_slow_recipient_holds_up_nobody(sink, queue, meanwhile):
    sink.answers.append("hang")
    slow = queue(thread="requester:slow")

    def work():
        wait_until(lambda: sink.received)
        wait_until(is_sent(queue()), seconds=2)
        assert Message.objects.get(pk=slow.pk).state == State.SENDING
        sink.release.set()

    meanwhile(work)
    call_command("run_outbox", "--interval", "0.05")

    assert len(sink.received) == 2


def test_a_sender_that_fails_ends_the_loop_so_that_it_is_started_again(queue, monkeypatch):
    def fail(sender):
        raise RuntimeError("a bug")

    monkeypatch.setattr(Sender, "deliver_next", fail)

    with pytest.raises(RuntimeError, match="a bug"):
        call_command("run_outbox", "--interval", "0.05")
