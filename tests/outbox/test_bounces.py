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

pytestmark = pytest.mark.django_db

ADDRESS = "/webhooks/brevo/tracking/"
SECRET = "relay:a long secret"


@pytest.fixture
def tell(settings):
    """The mail service tells us what became of a message."""
    urls = types.ModuleType("tests.outbox.webhooks")
    urls.urlpatterns = [path("webhooks/", include(webhook_urls_for("brevo")))]
    sys.modules[urls.__name__] = urls
    settings.ROOT_URLCONF = urls.__name__
    settings.ANYMAIL = {"WEBHOOK_SECRET": SECRET}

    def tell(message_id, event="hard_bounce", secret=SECRET):
        said = {"event": event, "message-id": message_id, "email": "ada@example.com", "ts_event": 1796000000}
        credentials = base64.b64encode(secret.encode()).decode()
        client = Client(enforce_csrf_checks=True, headers={"authorization": f"Basic {credentials}"})
        return client.post(ADDRESS, said, content_type="application/json").status_code

    yield tell
    del sys.modules[urls.__name__]


def test_what_came_back_is_bounced(sink, queue, tell):
    message = queue()
    deliver(message.pk)

    status = tell(message.message_id)

    message.refresh_from_db()
    assert (status, message.state) == (200, State.BOUNCED)
    assert message.sent_at is not None
    assert list(message.log.order_by("pk").values_list("step", flat=True))[-1] == Step.BOUNCED


def test_being_told_twice_changes_nothing(sink, queue, tell):
    message = queue()
    deliver(message.pk)

    statuses = [tell(message.message_id) for _twice in range(2)]

    assert statuses == [200, 200]
    assert message.log.filter(step=Step.BOUNCED).count() == 1


@pytest.mark.django_db(transaction=True)
def test_a_message_that_comes_back_while_it_is_in_hand_stays_so(sink, queue):
    message = queue()

    def tell_now():
        record_bounce(message.message_id)
        connection.close()

    sink.at_data = tell_now
    deliver(message.pk)

    message.refresh_from_db()
    assert message.state == State.BOUNCED


@pytest.mark.parametrize("event", ["deferred", "delivered", "opened", "spam"])
def test_other_news_changes_nothing(sink, queue, tell, event):
    message = queue()
    deliver(message.pk)

    status = tell(message.message_id, event)

    message.refresh_from_db()
    assert (status, message.state) == (200, State.SENT)


def test_an_id_that_is_not_ours_is_heard_and_does_nothing(tell):
    assert tell("<somebody@elsewhere.example.com>") == 200


def test_without_the_secret_nobody_is_believed(sink, queue, tell):
    message = queue()
    deliver(message.pk)

    status = tell(message.message_id, secret="relay:guessed")

    message.refresh_from_db()
    assert (status, message.state) == (400, State.SENT)


def test_a_service_that_we_do_not_know_is_said_at_the_start():
    with pytest.raises(ImproperlyConfigured, match="carrier-pigeon"):
        webhook_urls_for("carrier-pigeon")
