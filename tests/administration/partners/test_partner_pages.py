"""How a partner is reached changes by two administrators, and everything else by one whom the auditor is told of."""

import pytest
from django.contrib.admin.models import LogEntry
from django.urls import reverse

from accounts.models import SecurityEvent
from accounts.models import SecurityEventKind as Kind
from administration.account_closure.actions import close_account
from administration.models import Proposal
from administration.proposals.actions import agree
from outbox.models import Message
from partners.models.partners import Partner
from tests.support.partners import make_partner
from tests.support.people import make_administrator
from walkandtalk.lib.errors import ActionError
from walkandtalk.lib.rows import save_changes

pytestmark = pytest.mark.django_db

SERVER = "https://open311.example.org/v2"


@pytest.fixture
def as_administrator(client, administrator):
    client.force_login(administrator)
    return client


@pytest.fixture
def partner(lead):
    return make_partner(inbox="old@example.com", phone="020 7946 0100", owner=lead)


def contacts_of(partner, **changes):
    form = {
        "name": partner.name,
        "inbox": partner.inbox,
        "phone": partner.phone,
        "endpoint": partner.endpoint,
        "reason": "They asked",
    }
    return form | ({"is_active": "on"} if partner.is_active else {}) | changes


def propose(client, partner, **changes):
    page = reverse("partners:contacts", args=[partner.pk])
    answer = client.post(page, {name: value for name, value in contacts_of(partner, **changes).items() if value})
    return answer, Proposal.objects.order_by("-asked_at").first()


def save(client, partner, **changes):
    form = {
        "name": partner.name,
        "type": partner.type,
        "kinds": partner.kinds,
        "boroughs": [],
        "owner": "",
        "jurisdiction_id": "",
        "services": "",
        "lamp_attribute": "",
    }
    return client.post(reverse("admin:partners_partner_change", args=[partner.pk]), form | changes)


@pytest.mark.parametrize(
    ("name", "value", "after"),
    [
        ("name", "Another Council", "Another Council"),
        ("inbox", "friend@example.com", "friend@example.com"),
        ("phone", "020 7946 0999", "020 7946 0999"),
        ("endpoint", SERVER, SERVER),
        ("is_active", "", False),
        ("api_key", "secret", "secret"),
    ],
)
def test_route_to_a_partner_changes_when_another_administrator_agrees(
    name, value, after, as_administrator, administrator, partner
):
    before = getattr(partner, name)
    _answer, proposal = propose(as_administrator, partner, **{name: value})
    partner.refresh_from_db()
    assert getattr(partner, name) == before
    with pytest.raises(ActionError, match="You proposed this yourself"):
        agree(proposal, by=administrator)

    second = make_administrator()
    agree(proposal, by=second)

    partner = Partner.objects.get(pk=partner.pk)
    assert getattr(partner, name) == after
    line = SecurityEvent.objects.get(kind=Kind.PARTNER_CONTACT_CHANGED)
    assert (line.officer, line.change) == (second, str(partner.pk))


def test_owner_and_auditor_are_told_and_nobody_outside(as_administrator, partner, lead, settings):
    _answer, proposal = propose(as_administrator, partner, inbox="new@example.com")

    told = agree(proposal, by=make_administrator())

    recipients = {message.recipient for message in Message.objects.filter(kind="account_powers_changed")}
    assert (told, recipients) == ([lead.email], {lead.email, settings.AUDITOR_EMAIL})


def test_key_is_readable_in_no_proposal_page_message_or_history(as_administrator, partner):
    save_changes(partner, api_key="first-key")
    _answer, proposal = propose(as_administrator, partner, api_key="second-key")
    page = as_administrator.get(reverse("proposals:proposal", args=[proposal.pk])).text

    agree(proposal, by=make_administrator())

    stored = [str(list(model.objects.values())) for model in (Proposal, LogEntry, SecurityEvent)]
    stored += [str(list(proposal.changes.values()))]
    sent = [f"{message.subject} {message.text} {message.html}" for message in Message.objects.all()]
    admin = as_administrator.get(reverse("admin:partners_partner_change", args=[partner.pk])).text
    contacts = as_administrator.get(reverse("partners:contacts", args=[partner.pk])).text
    assert "a new key, not shown" in page
    assert not [text for text in (*stored, *sent, page, admin, contacts) if "first-key" in text or "second-key" in text]


def test_key_of_one_server_never_goes_to_another(as_administrator, partner):
    save_changes(partner, endpoint=SERVER, api_key="first-key")

    _answer, proposal = propose(as_administrator, partner, endpoint="https://other.example.org")
    agree(proposal, by=make_administrator())

    assert Partner.objects.get(pk=partner.pk).api_key == ""


def test_proposal_is_refused_if_the_key_changed_since(as_administrator, partner):
    _answer, proposal = propose(as_administrator, partner, api_key="second-key")
    save_changes(partner, api_key="other-key")

    with pytest.raises(ActionError, match="has changed since this was proposed"):
        agree(proposal, by=make_administrator())


@pytest.mark.parametrize("url", ["http://open311.example.org", "https://10.0.0.1", "https://localhost/v2"])
def test_page_refuses_a_server_that_may_not_be_public(url, as_administrator, partner):
    answer, proposal = propose(as_administrator, partner, endpoint=url)

    assert proposal is None
    assert "Enter " in answer.text.partition("There is a problem")[2]


def test_partner_has_one_open_proposal_at_a_time(as_administrator, partner):
    propose(as_administrator, partner, inbox="one@example.com")

    answer, _proposal = propose(as_administrator, partner, inbox="two@example.com")

    assert answer.status_code == 409
    assert Proposal.objects.count() == 1


def test_forms_of_the_admin_change_no_route(as_administrator, partner):
    answer = save(
        as_administrator,
        partner,
        name="Friends",
        inbox="mine@example.com",
        is_active="",
        endpoint=SERVER,
        kinds=["cctv"],
        phone="101",
    )

    assert answer.status_code == 302
    partner.refresh_from_db()
    assert (partner.inbox, partner.is_active, partner.endpoint) == ("old@example.com", True, "")
    assert partner.name == "Example Council"
    assert (partner.phone, partner.kinds) == ("020 7946 0100", ["cctv"])


def test_auditor_hears_of_every_other_change(as_administrator, administrator, partner, southwark):
    save(as_administrator, partner, owner=partner.owner_id)
    assert not SecurityEvent.objects.filter(kind=Kind.PARTNER_CHANGED).exists()

    save(as_administrator, partner, owner=partner.owner_id, boroughs=[southwark.pk])

    lines = SecurityEvent.objects.filter(kind=Kind.PARTNER_CHANGED).values_list("officer", "change")
    assert list(lines) == [(administrator.pk, str(partner.pk))]


def test_new_partner_is_out_of_use(as_administrator):
    form = {"name": "New Trust", "type": "parks", "inbox": "mine@example.com", "is_active": "on"}

    as_administrator.post(reverse("admin:partners_partner_add"), form)

    partner = Partner.objects.get(name="New Trust")
    assert (partner.is_active, partner.inbox) == (False, "")
    assert SecurityEvent.objects.filter(kind=Kind.PARTNER_CHANGED, change=str(partner.pk)).exists()


@pytest.mark.parametrize(
    ("text", "services"),
    [
        ("lighting: STREETLIGHT\n\n path:PAVE:1 ", {"lighting": "STREETLIGHT", "path": "PAVE:1"}),
        ("lighting STREETLIGHT", None),
        ("ghosts: G", None),
        ("lighting: A\nlighting: B", None),
    ],
)
def test_services_are_one_a_line(text, services, as_administrator, partner):
    save_changes(partner, endpoint=SERVER)

    answer = save(as_administrator, partner, services=text)

    partner.refresh_from_db()
    assert answer.status_code == (302 if services else 200)
    assert partner.services == (services or {})


def test_address_of_the_list_asks_for_its_own_filters_alone(as_administrator, partner):
    page = reverse("admin:partners_partner_changelist")

    assert as_administrator.get(page, {"type__exact": "council"}).status_code == 200
    assert as_administrator.get(page, {"owner__password__startswith": "p"}).status_code == 400


def test_partner_of_someone_who_leaves_has_no_owner(partner, lead):
    close_account(lead, by=make_administrator())

    partner.refresh_from_db()
    assert partner.owner is None
    partner.full_clean()
