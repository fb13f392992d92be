"""Every change to an account, and who made it, is in the security log."""

import pytest
from django.core.management import call_command
from django.urls import reverse

from accounts.models import SecurityEvent
from accounts.models import SecurityEventKind as Kind
from accounts.security_log import record_security_event
from boroughs.models.officers import Officer, OfficerManager, Rank
from devtools.demo.people import create_person
from tests.support.factories import InspectorFactory, OfficerFactory

pytestmark = pytest.mark.django_db

Role = Officer.Role
NEW_PASSWORD = "walk slowly and look up"


@pytest.fixture
def admin_client(client, administrator):
    client.force_login(administrator)
    return client


def lines():
    return [(event.kind, event.officer, event.subject, event.change) for event in SecurityEvent.objects.order_by("pk")]


def save(client, row, **changes):
    """Send the admin's form of this row as it is, with these changes."""
    page = reverse(f"admin:{row._meta.label_lower.replace('.', '_')}_change", args=[row.pk])
    form = client.get(page).context["adminform"].form
    data = {name: value for name, value in form.initial.items() if value not in (None, False)}
    inline = {"boroughs-TOTAL_FORMS": 0, "boroughs-INITIAL_FORMS": 0}
    response = client.post(page, {**data, **inline, **changes})
    assert response.status_code == 302, response.context["errors"]


@pytest.mark.parametrize(
    ("changes", "kind", "codes"),
    [
        ({"role": Role.INSPECTOR, "rank": Rank.PC}, Kind.ROLE_CHANGED, "officer > inspector"),
        ({"email": "other@example.com"}, Kind.EMAIL_CHANGED, ""),
        ({"leads_walks": ""}, Kind.WALKS_FORBIDDEN, ""),
        ({"name": "Another Name"}, Kind.ACCOUNT_CHANGED, ""),
        ({"shoulder_number": "99AS"}, Kind.ACCOUNT_CHANGED, ""),
    ],
)
def test_each_change_to_an_account_is_a_line_of_its_kind(changes, kind, codes, admin_client, administrator, officer):
    save(admin_client, officer, **changes)

    assert lines() == [(kind, administrator, officer, codes)]


def test_new_bcu_is_a_line_with_both_codes(admin_client, administrator, officer, camden):
    before = officer.bcu.code

    save(admin_client, officer, bcu=camden.bcu.pk)

    assert lines() == [(Kind.BCU_CHANGED, administrator, officer, f"{before} > {camden.bcu.code}")]


def test_several_changes_are_several_lines(admin_client, administrator, officer):
    Officer.objects.filter(pk=officer.pk).update(is_active=False, leads_walks=False)

    save(admin_client, officer, is_active="on", leads_walks="on")

    assert lines() == [
        (Kind.REACTIVATED, administrator, officer, ""),
        (Kind.WALKS_ALLOWED, administrator, officer, ""),
    ]


def test_change_of_anything_else_and_a_refused_form_leave_no_line(admin_client, officer):
    save(admin_client, officer, languages="Bengali")
    admin_client.post(reverse("admin:boroughs_officer_change", args=[officer.pk]), {"role": Role.AUDITOR})

    assert lines() == []


def test_new_account_is_a_line_with_its_role(admin_client, administrator, bcu):
    form = {"email": "new@example.com", "name": "New Officer", "rank": Rank.PC, "role": Role.OFFICER, "bcu": bcu.pk}

    admin_client.post(reverse("admin:boroughs_officer_add"), {**form, "is_active": "on"})

    new = Officer.objects.get(email="new@example.com")
    assert lines() == [(Kind.ACCOUNT_CREATED, administrator, new, "> officer"), (Kind.INVITED, administrator, new, "")]


# --- BCUs -------------------------------------------------------------------------------------------------------------


def test_other_nominated_inspector_is_a_line_for_both(admin_client, administrator, bcu, stranger):
    other = InspectorFactory(bcu=stranger.bcu)
    save(admin_client, bcu, nominated_inspector=stranger.pk)

    save(admin_client, bcu, nominated_inspector=other.pk)

    assert lines() == [
        (Kind.NOMINATED, administrator, stranger, bcu.code),
        (Kind.NOMINATION_ENDED, administrator, stranger, bcu.code),
        (Kind.NOMINATED, administrator, other, bcu.code),
    ]


def test_other_inbox_or_number_of_a_team_is_a_line(admin_client, administrator, bcu, stranger):
    save(admin_client, bcu, nominated_inspector=stranger.pk)
    save(admin_client, bcu, inbox="other@example.com")
    save(admin_client, bcu, min_officers=3)

    assert lines()[1:] == [(Kind.TEAM_CONTACT_CHANGED, administrator, None, bcu.code)]


# --- Commands ---------------------------------------------------------------------------------------------------------


def test_createsuperuser_leaves_a_line_that_names_nobody_who_did_it(monkeypatch):
    monkeypatch.setenv("DJANGO_SUPERUSER_PASSWORD", NEW_PASSWORD)

    call_command("createsuperuser", "--noinput", email="first@example.com", name="First", verbosity=0)

    assert lines() == [(Kind.ACCOUNT_CREATED, None, Officer.objects.get(), "> administrator")]


def test_createsuperuser_leaves_no_second_line_for_somebody_whom_a_page_added_meanwhile(monkeypatch, bcu):
    create = OfficerManager.create_superuser

    def create_beside_a_page(manager, **fields):
        record_security_event(Kind.ACCOUNT_CREATED, subject=OfficerFactory(bcu=bcu))
        return create(manager, **fields)

    monkeypatch.setenv("DJANGO_SUPERUSER_PASSWORD", NEW_PASSWORD)
    monkeypatch.setattr(OfficerManager, "create_superuser", create_beside_a_page)
    call_command("createsuperuser", "--noinput", email="first@example.com", name="First", verbosity=0)

    assert len(lines()) == 2


def test_demo_people_are_a_line_each(bcu):
    person = create_person("someone@example.com", "Some One", role=Role.LEAD)

    assert lines() == [(Kind.ACCOUNT_CREATED, None, person, "> lead")]
