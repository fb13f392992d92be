"""Connecting a force account: only by invitation, and only with one's own account here."""

import re

import pytest
from allauth.socialaccount.models import SocialAccount
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from accounts.models import SecurityEvent
from accounts.models import SecurityEventKind as Kind
from accounts.new_passwords.actions import invite
from accounts.new_passwords.jobs import answer_reset_requests
from accounts.sessions.ending import end_access
from boroughs.models.officers import Officer
from outbox.models import Message
from tests.support.factories import OfficerFactory
from tests.support.force_provider import open_invitation, sentences, sign_in_with_force
from tests.support.proposals import change_by_two

pytestmark = pytest.mark.django_db

CONNECT = reverse("accounts:connect_force_account")


@pytest.fixture
def invited(client, provider, officer):
    """The browser of someone who has opened their invitation's link."""
    provider.set_person("oid-olive")
    open_invitation(client, officer)
    return client


def connect(client, provider, oid="oid-olive"):
    return client.get(provider.answer(client.post(CONNECT)["Location"], oid))


def links():
    return list(SocialAccount.objects.values_list("user", "provider", "uid", "extra_data"))


def test_invited_person_connects_their_force_account_and_is_signed_in(invited, provider, officer):
    assert officer.name in invited.get(CONNECT).content.decode()

    response = connect(invited, provider)

    officer.refresh_from_db()
    assert response["Location"] == "/staff/"
    assert invited.get("/staff/walks/").status_code == 200
    assert links() == [(officer.pk, provider.issuer, "oid-olive", {})]
    assert not officer.has_usable_password()
    assert SecurityEvent.objects.filter(kind=Kind.FORCE_ACCOUNT_CONNECTED, officer=officer).count() == 1
    told = Message.objects.get(kind="account_force_connected")
    assert told.recipient == officer.email
    again = Client()
    sign_in_with_force(again, provider, "oid-olive")
    assert again.get("/staff/walks/").status_code == 200


def test_new_force_account_replaces_the_one_before(invited, provider, officer):
    SocialAccount.objects.create(user=officer, provider=provider.issuer, uid="oid-before")

    connect(invited, provider)

    assert links() == [(officer.pk, provider.issuer, "oid-olive", {})]


def test_force_account_of_someone_else_is_not_connected(invited, provider, officer, inspector):
    SocialAccount.objects.create(user=inspector, provider=provider.issuer, uid="oid-olive")

    response = connect(invited, provider)

    assert "someone else’s" in sentences(response)
    assert links() == [(inspector.pk, provider.issuer, "oid-olive", {})]
    assert invited.get("/staff/walks/").status_code == 302


@pytest.mark.parametrize("claims", [{"roles": []}, {"acrs": []}])
def test_force_account_without_role_or_second_factor_is_not_connected(claims, invited, provider, officer):
    provider.set_person("oid-olive", **claims)

    connect(invited, provider)

    officer.refresh_from_db()
    assert links() == []
    assert officer.is_active
    assert invited.get("/staff/walks/").status_code == 302


def close_account(officer):
    Officer.objects.filter(pk=officer.pk).update(is_active=False)


@pytest.mark.parametrize("end", [end_access, close_account])
def test_invitation_that_ended_meanwhile_connects_nothing(end, invited, provider, officer):
    address = invited.post(CONNECT)["Location"]
    end(officer)

    response = invited.get(provider.answer(address, "oid-olive"))

    assert "invitation has ended" in sentences(response)
    assert links() == []
    assert invited.get(CONNECT)["Location"] == "/staff/sign-in/"


def test_invitation_connects_one_force_account(invited, provider, officer):
    connect(invited, provider)

    response = invited.post(CONNECT)

    assert response["Location"] == "/staff/sign-in/"
    assert links() == [(officer.pk, provider.issuer, "oid-olive", {})]


def test_invitations_link_leads_to_the_force_and_not_to_a_password(client, provider, officer, administrator):
    """Also for someone who had a password before the force's sign-in was on, because it lets nobody in now."""
    provider.set_person("oid-olive")
    invite(officer, by=administrator)
    message = Message.objects.get(kind="account_invited")
    link = re.search(r"/staff/password-link/[^/]+/", message.text)[0]

    page = client.get(link, follow=True)
    connect(client, provider)

    assert page.redirect_chain[-1][0] == CONNECT
    assert "Met sign-in" in message.text
    assert links() == [(officer.pk, provider.issuer, "oid-olive", {})]
    assert client.get(link).status_code == 404


def test_new_role_invites_nobody_who_has_a_force_account(invited, provider, officer):
    connect(invited, provider)

    change_by_two(officer, role=Officer.Role.INSPECTOR)

    assert officer.role == Officer.Role.INSPECTOR
    assert not Message.objects.filter(kind="account_invited").exists()


def test_nobody_gets_a_link_to_reset_a_password_that_is_of_no_use(client, provider, officer):
    client.post("/staff/forgotten-password/", {"email": officer.email})

    answer_reset_requests(timezone.now())

    assert not Message.objects.filter(kind="account_password_reset").exists()


@pytest.mark.parametrize("method", ["get", "post"])
def test_without_an_invitation_nothing_is_connected(method, client, provider):
    response = getattr(client, method)(CONNECT)

    assert response["Location"] == "/staff/sign-in/"


def test_administrator_for_emergencies_has_no_force_account(client, provider):
    person = OfficerFactory(role=Officer.Role.ADMINISTRATOR, email="BreakGlass@example.com", bcu=None)
    provider.set_person("oid-emergency")
    open_invitation(client, person)

    response = connect(client, provider, "oid-emergency")

    assert "emergencies" in sentences(response)
    assert links() == []
