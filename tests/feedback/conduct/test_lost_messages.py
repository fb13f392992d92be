"""A message to professional standards that did not arrive is noticed and sent again. Our copy goes after a week."""

import datetime
import uuid

import pytest
from django.utils import timezone

from audit.alerts.jobs import send_alerts
from feedback.conduct.actions import KEEP_COPY, report_conduct
from feedback.conduct.emails import ConductReport
from feedback.jobs import delete_copies_for_standards, send_undelivered_to_standards_again
from outbox.models import Message
from tests.support.feedback_factories import make_completed_booking

pytestmark = pytest.mark.django_db

DAY = datetime.timedelta(days=1)
WORDS = "He asked where I live."


@pytest.fixture
def message(officer):
    report_conduct(make_completed_booking([officer]), ConductReport(words=WORDS), submission=uuid.uuid4())
    return Message.objects.get(kind="standards_conduct")


def change(message, **fields):
    Message.objects.filter(pk=message.pk).update(**fields)


@pytest.mark.parametrize("state", ["failed", "bounced", "expired"])
def test_auditor_is_told_once_and_reads_nothing_of_it(state, message):
    change(message, state=state)

    for _ in range(2):
        send_alerts(timezone.now())

    alert = Message.objects.get(kind="auditor_alert")
    assert "A message to professional standards did not arrive" in alert.text
    assert WORDS not in alert.text
    assert message.text.split("Reference:")[1].split()[0] not in alert.text


def test_it_is_sent_again_a_day_later_to_the_inbox_of_that_day(message, settings):
    change(message, state="bounced")
    settings.CONDUCT_INBOX = "right@example.com"

    send_undelivered_to_standards_again(timezone.now() + DAY - datetime.timedelta(minutes=1))
    too_early = Message.objects.get(kind="standards_conduct")
    send_undelivered_to_standards_again(timezone.now() + DAY)

    again = Message.objects.get(kind="standards_conduct")
    assert too_early.pk == message.pk != again.pk
    assert (again.state, again.recipient, again.text) == ("pending", "right@example.com", message.text)


def test_it_waits_while_no_inbox_is_set(message, settings, caplog):
    change(message, state="bounced")
    settings.CONDUCT_INBOX = ""

    send_undelivered_to_standards_again(timezone.now() + DAY)

    assert Message.objects.get(kind="standards_conduct").pk == message.pk
    assert caplog.records == []


def test_our_copy_is_deleted_a_week_after_it_was_sent(message):
    now = timezone.now()
    change(message, state="sent", sent_at=now - KEEP_COPY + datetime.timedelta(minutes=1))

    delete_copies_for_standards(now)
    a_minute_early = Message.objects.filter(pk=message.pk).exists()
    delete_copies_for_standards(now + datetime.timedelta(minutes=1))

    assert a_minute_early
    assert not Message.objects.filter(pk=message.pk).exists()


def test_copy_that_did_not_arrive_is_kept_until_it_does(message):
    change(message, state="bounced", sent_at=timezone.now() - 2 * KEEP_COPY)

    delete_copies_for_standards(timezone.now())

    assert Message.objects.filter(pk=message.pk).exists()
