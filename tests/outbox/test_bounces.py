import base64
import sys
import types

import pytest
from django.core.exceptions import ImproperlyConfigured
from django.db import connection
from django.test import Client
from django.urls import include, path

from outbox.actions import record_bounce
from outbox.bounces import webhook_urls_for
from outbox.statuses import State, Step
from tests.support.message_sending import deliver
from tests.support.page_faults import header_faults
from tests.support.page_responses import PageResponse

pytestmark = pytest.mark.django_db

ADDRESS = "/webhooks/brevo/tracking/"
SECRET = "relay:a long secret"


@pytest.fixture
def send_webhook(settings):
    """Return a function that sends a webhook, as the mail service does after a delivery."""
    urls = types.ModuleType("tests.outbox.webhooks")
    urls.urlpatterns = [path("webhooks/", include(webhook_urls_for("brevo")))]
    sys.modules[urls.__name__] = urls
    settings.ROOT_URLCONF = urls.__name__
    settings.ANYMAIL = {"WEBHOOK_SECRET": SECRET}

    def send_webhook(message_id, event="hard_bounce", secret=SECRET):
        report = {"event": event, "message-id": message_id, "email": "ada@example.com", "ts_event": 1796000000}
        credentials = base64.b64encode(secret.encode()).decode()
        client = Client(enforce_csrf_checks=True, headers={"authorization": f"Basic {credentials}"})
        return client.post(ADDRESS, report, content_type="application/json").status_code

    yield send_webhook
    del sys.modules[urls.__name__]


def test_bounce_is_recorded(sink, queue, send_webhook):
    message = queue()
    deliver(message.pk)

    status = send_webhook(message.message_id)

    message.refresh_from_db()
    assert (status, message.state) == (200, State.BOUNCED)
    assert message.sent_at is not None
    assert list(message.log.order_by("pk").values_list("step", flat=True))[-1] == Step.BOUNCED


def test_bounce_is_recorded_once(sink, queue, send_webhook):
    message = queue()
    deliver(message.pk)

    statuses = [send_webhook(message.message_id) for _twice in range(2)]

    assert statuses == [200, 200]
    assert message.log.filter(step=Step.BOUNCED).count() == 1


@pytest.mark.django_db(transaction=True)
def test_bounce_while_sending_is_recorded(sink, queue):
    message = queue()

    def tell_now():
        record_bounce(message.message_id)
        connection.close()

    sink.at_data = tell_now
    deliver(message.pk)

    message.refresh_from_db()
    assert message.state == State.BOUNCED


@pytest.mark.parametrize("event", ["deferred", "delivered", "opened", "spam"])
def test_other_events_change_nothing(sink, queue, send_webhook, event):
    message = queue()
    deliver(message.pk)

    status = send_webhook(message.message_id, event)

    message.refresh_from_db()
    assert (status, message.state) == (200, State.SENT)


def test_unknown_message_id_is_accepted_and_ignored(send_webhook):
    assert send_webhook("<someone@elsewhere.example.com>") == 200


def test_webhook_needs_the_secret(sink, queue, send_webhook):
    message = queue()
    deliver(message.pk)

    status = send_webhook(message.message_id, secret="relay:guessed")

    message.refresh_from_db()
    assert (status, message.state) == (400, State.SENT)


def test_unknown_mail_service_is_refused():
    with pytest.raises(ImproperlyConfigured, match="carrier-pigeon"):
        webhook_urls_for("carrier-pigeon")


@pytest.mark.parametrize("body", [b"", b"{", b"[1]", b"\xff", b'"a"'])
def test_malformed_report_is_refused_with_the_security_headers(body, send_webhook):
    credentials = base64.b64encode(SECRET.encode()).decode()
    client = Client(enforce_csrf_checks=True, headers={"authorization": f"Basic {credentials}"})

    response = client.generic("POST", ADDRESS, body, content_type="application/json")

    assert response.status_code == 400
    assert header_faults(PageResponse.of(response)) == []
