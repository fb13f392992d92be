"""An account that may be of someone kept off walks is shown to auditors, and named to nobody else."""

import pytest
from django.utils import timezone

from accounts.models import SecurityEventKind as Kind
from accounts.security_log import record_security_event
from administration.account_closure.actions import close_account
from administration.people.actions import add_people
from audit.alerts.jobs import send_alerts
from audit.vetting.actions import keep_off_walks
from outbox.models import Message
from tests.support.factories import OfficerFactory
from tests.support.proposals import change_by_two

pytestmark = pytest.mark.django_db

TOLD = "Audit: An account that may be of someone kept off walks"
NEW = {"email": "new@example.com", "role": "officer", "rank": "pc", "leads_walks": False}


@pytest.fixture
def kept_off(administrator, auditor, bcu):
    """Someone kept off walks whose account an administrator has closed since."""
    officer = OfficerFactory(bcu=bcu, name="Zoë O’Hara", shoulder_number="77AS")
    keep_off_walks(officer, by=auditor, reason="Case 12")
    close_account(officer, by=administrator)
    return officer


def add(administrator, bcu, **values):
    (officer,) = add_people([{**NEW, "bcu": bcu.code, **values}], by=administrator, reason="A new colleague").officers
    return officer


def alerts():
    send_alerts(timezone.now())
    return [message for message in Message.objects.filter(kind="auditor_alert") if message.subject == TOLD]


@pytest.mark.parametrize(
    ("values", "is_alike"),
    [
        ({"name": "zoe OHARA", "shoulder_number": "12AS"}, True),
        ({"name": "O'Hara, Zoë"}, True),
        ({"name": "Grace Good", "shoulder_number": "77AS"}, True),
        ({"name": "Zoë Harris", "shoulder_number": "78AS"}, False),
    ],
)
def test_new_account_with_the_name_or_number_is_told(values, is_alike, kept_off, administrator, bcu):
    add(administrator, bcu, **values)

    assert len(alerts()) == is_alike


@pytest.mark.parametrize("kind", [Kind.ACCOUNT_CHANGED, Kind.REACTIVATED, Kind.WALKS_ALLOWED])
def test_account_that_comes_near_to_walks_is_told(kind, kept_off, administrator, bcu):
    same = OfficerFactory(bcu=bcu, name=kept_off.name)
    record_security_event(kind, officer=administrator, subject=same)

    assert len(alerts()) == len(alerts()) == 1


def test_leading_walks_by_two_administrators_is_told_again_after_the_account(kept_off, administrator, bcu):
    officer = add(administrator, bcu, name=kept_off.name)
    alerts()

    change_by_two(officer, leads_walks=True)

    assert len(alerts()) == 2


def test_own_account_and_another_one_kept_off_too_are_not_told(kept_off, administrator, auditor, bcu):
    second = add(administrator, bcu, name=kept_off.name)
    keep_off_walks(second, by=auditor, reason="Case 12")

    assert alerts() == []


def test_message_names_nobody_and_leads_to_the_page(kept_off, administrator, bcu):
    add(administrator, bcu, name=kept_off.name, shoulder_number="77AS")

    (message,) = alerts()

    everything = message.text + message.html + message.subject
    assert [words for words in ("Hara", "77AS", administrator.name, bcu.name) if words in everything] == []
    assert "/staff/audit/vetting/>" in message.html or '/staff/audit/vetting/"' in message.html


def test_page_shows_who_is_like_whom_to_an_auditor(as_auditor, kept_off, administrator, bcu):
    same = add(administrator, bcu, name="Zoe O'Hara", shoulder_number="12AS")
    add(administrator, bcu, name="Grace Good", email="grace@example.com")

    page = as_auditor.get("/staff/audit/vetting/")

    assert [(each.account, each.kept_off) for each in page.context["lookalikes"]] == [(same, kept_off)]
    assert f"/staff/audit/vetting/{same.pk}/" in page.text
