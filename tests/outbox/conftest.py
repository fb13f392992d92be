import socket
import threading
import time
from collections import deque

import pytest
from aiosmtpd.controller import Controller
from celery import Celery
from django.db import connection, transaction

from outbox import actions, claims
from outbox.delivery import Mover
from outbox.models import Message, State
from walkandtalk.celery import app as celery_app

NOBODY_THERE = "redis://127.0.0.1:9/0"


def deliver(message_id):
    """One look of a mover at this message. Where the message stands then."""
    claims.close_overdue()
    with Mover() as mover:
        mover.deliver(message_id)
    return State(Message.objects.values_list("state", flat=True).get(pk=message_id))


class Sink:
    """A real SMTP server in this process. Each message gets the next of `answers`, and 250 when they are used up.

    An answer is a reply line, or "drop" (hang up after the content), or "hang" (say nothing until released).
    """

    def __init__(self):
        self.received = []
        self.answers = deque()
        self.recipient_answers = deque()
        self.greetings = []
        self.at_recipient = self.at_data = None
        self.release = threading.Event()
        self.connections = []

    async def handle_EHLO(self, server, session, envelope, hostname, responses):  # noqa: N802
        session.host_name = hostname
        self.greetings.append(hostname)
        self.connections.append(server)
        return responses

    async def handle_RCPT(self, server, session, envelope, address, options):  # noqa: N802
        if self.at_recipient:
            await server.loop.run_in_executor(None, self.at_recipient)
        answer = self.recipient_answers.popleft() if self.recipient_answers else "250 OK"
        if answer.startswith("250"):
            envelope.rcpt_tos.append(address)
        return answer

    async def handle_DATA(self, server, session, envelope):  # noqa: N802
        self.received.append(envelope)
        answer = self.answers.popleft() if self.answers else "250 OK"
        if self.at_data:
            await server.loop.run_in_executor(None, self.at_data)
        if answer == "drop":
            server.transport.abort()
            return "250 never seen"
        if answer == "hang":
            await server.loop.run_in_executor(None, self.release.wait, 10)
        return answer

    def hang_up(self):
        """As a server does with those who are quiet for too long."""
        last = self.connections[-1]
        last.loop.call_soon_threadsafe(last.transport.abort)
        eventually(lambda: last.transport is None or last.transport.is_closing())

    @property
    def contents(self):
        return [envelope.content for envelope in self.received]


def free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


@pytest.fixture
def sink(settings):
    handler = Sink()
    port = free_port()
    controller = Controller(handler, hostname="127.0.0.1", port=port)
    controller.start()
    settings.EMAIL_BACKEND = "outbox.smtp.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", port
    yield handler
    handler.release.set()
    controller.stop()


@pytest.fixture
def broker(request):
    """Gives the tasks a queue at this address, for one test."""

    def set_broker(url):
        app = Celery("tests", set_as_current=False)
        app.config_from_object("django.conf:settings", namespace="CELERY")
        app.conf.update(broker_url=url, task_always_eager=False)
        app.set_current()
        request.addfinalizer(celery_app.set_current)

    return set_broker


@pytest.fixture
def queue(monkeypatch):
    """Queues a message as the other apps do. The kick is off, so that each test moves the message itself."""
    monkeypatch.setitem(celery_app.conf, "task_always_eager", False)
    numbers = iter(range(1000))

    def queue(**changes):
        number = next(numbers)
        message = {
            "dedupe_key": f"booking:{number}:scheduled:1:her",
            "thread": "her:1",
            "recipient": "ada@example.com",
            "sender": "Walk and Talk <hello@walkandtalk.example.com>",
            "subject": "Your walk: Tuesday 8 December 2026, 6:30pm",
            "text": "Hello Ada. Your walk is booked.\n",
        }
        with transaction.atomic():
            return actions.queue_message(**message | changes)

    return queue


def cut_database_connections():
    """All but our own, as when the server is restarted. To be called from another thread than the test's."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
            " WHERE datname = current_database() AND pid <> pg_backend_pid()"
        )
    connection.close()


def eventually(condition, seconds=5):
    """Wait for another thread, never longer than is needed."""
    deadline = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < deadline, "it never happened"
        time.sleep(0.01)
