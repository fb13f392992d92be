"""Every change to an account, and who made it, is in the security log."""

import pytest
from django.core.management import call_command
from django.urls import reverse

from accounts.models import SecurityEvent
from accounts.models import SecurityEventKind as Kind
from accounts.security_log import record_security_event
from administration.models import Proposal, ProposedChange
from boroughs.models.officers import Officer, OfficerManager, Rank
from devtools.demo.people import create_person
from tests.support.factories import OfficerFactory
from tests.support.proposals import change_by_two

pytestmark = pytest.mark.django_db

Role = Officer.Role
Change = ProposedChange.Kind
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


@pytest.mark.parametrize("changes", [{"name": "Another Name"}, {"shoulder_number": "99AS"}])
def test_change_of_identity_is_a_line(changes, admin_client, administrator, officer):
    save(admin_client, officer, **changes)

    assert lines() == [(Kind.ACCOUNT_CHANGED, administrator, officer, "")]


@pytest.mark.parametrize(
    ("changes", "kind", "codes"),
    [
        ({"role": Role.INSPECTOR}, Kind.ROLE_CHANGED, "officer > inspector"),
        ({"email": "other@example.com"}, Kind.EMAIL_CHANGED, ""),
        ({"leads_walks": False}, Kind.WALKS_FORBIDDEN, ""),
        ({"bcu": "CN"}, Kind.BCU_CHANGED, "AS > CN"),
    ],
)
def test_each_change_of_power_is_a_line_of_its_kind(changes, kind, codes, officer, camden):
    second = change_by_two(officer, **changes)

    first = Proposal.objects.get().asked_by
    assert lines() == [
        (Kind.PROPOSED, first, officer, ""),
        (Kind.PROPOSAL_AGREED, second, officer, ""),
        (kind, second, officer, codes),
    ]


def test_several_changes_are_several_lines(officer, camden):
    second = change_by_two(officer, role=Role.INSPECTOR, bcu="CN")

    assert lines()[2:] == [
        (Kind.ROLE_CHANGED, second, officer, "officer > inspector"),
        (Kind.BCU_CHANGED, second, officer, "AS > CN"),
    ]


def test_change_of_anything_else_leaves_no_line_and_nothing_gives_power(admin_client, officer, camden):
    given = {"role": Role.AUDITOR, "bcu": camden.bcu.pk, "email": "mine@example.com", "leads_walks": ""}

    save(admin_client, officer, languages="Bengali", **given)

    now = Officer.objects.get(pk=officer.pk)
    assert (now.languages, now.role, now.bcu, now.email, now.leads_walks) == (
        *("Bengali", officer.role, officer.bcu, officer.email, True),
    )
    assert lines() == []


def test_new_account_is_a_line_with_its_role(admin_client, administrator, bcu):
    form = {"email": "new@example.com", "name": "New Officer", "rank": Rank.PC, "role": Role.OFFICER, "bcu": bcu.pk}

    admin_client.post(reverse("people:add"), form)

    new = Officer.objects.get(email="new@example.com")
    assert lines() == [(Kind.ACCOUNT_CREATED, administrator, new, "> officer"), (Kind.INVITED, administrator, new, "")]


# --- BCUs -------------------------------------------------------------------------------------------------------------


def test_other_inbox_or_number_of_a_team_is_a_line(admin_client, administrator, bcu):
    second = change_by_two(bcu, Change.TEAM, inbox="other@example.com")
    save(admin_client, bcu, min_officers=3, inbox="friend@example.com", duty_number="020 7946 0999")

    contact, rules = (Kind.TEAM_CONTACT_CHANGED, second, None), (Kind.TEAM_RULES_CHANGED, administrator, None)
    assert lines()[2:] == [(*contact, bcu.code), (*rules, bcu.code)]
    bcu.refresh_from_db()
    assert (bcu.min_officers, bcu.inbox, bcu.duty_number) == (3, "other@example.com", "020 7946 0101")


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
