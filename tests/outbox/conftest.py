import pytest
from aiosmtpd.controller import Controller
from celery import Celery
from django.db import transaction

from outbox import actions
from outbox.models import Message
from tests.support.smtp_sink import Sink
from tests.support.stack import free_port
from walkandtalk.celery import app as celery_app


@pytest.fixture
def sink(settings):
    handler = Sink()
    port = free_port()
    controller = Controller(handler, hostname="127.0.0.1", port=port)
    controller.start()
    settings.EMAIL_BACKEND = "outbox.sending.smtp.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", port
    yield handler
    handler.release.set()
    controller.stop()


@pytest.fixture
def broker(request):
    """Return a function that sets the broker of the tasks for one test."""

    def set_broker(url):
        app = Celery("tests", set_as_current=False)
        app.config_from_object("django.conf:settings", namespace="CELERY")
        app.conf.update(broker_url=url, task_always_eager=False)
        app.set_current()
        request.addfinalizer(celery_app.set_current)

    return set_broker


@pytest.fixture
def queue(monkeypatch):
    """Return a function that queues a message as other apps do, and returns its row. Each test delivers it itself."""
    monkeypatch.setitem(celery_app.conf, "task_always_eager", False)
    numbers = iter(range(1000))

    def queue(**changes):
        number = next(numbers)
        message = {
            "dedupe_key": f"booking:{number}:scheduled:1:requester",
            "thread": "requester:1",
            "recipient": "ada@example.com",
            "sender": "Walk and Talk <hello@walkandtalk.example.com>",
            "subject": "Your walk: Tuesday 8 December 2026, 6:30pm",
            "text": "Hello Ada. Your walk is booked.\n",
        }
        message |= changes
        with transaction.atomic():
            actions.queue_message(**message)
        return Message.objects.get(dedupe_key=message["dedupe_key"])

    return queue
