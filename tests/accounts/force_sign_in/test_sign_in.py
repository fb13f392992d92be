"""Signing in with the force's own provider, and everything that it refuses."""

import json
from urllib.parse import parse_qs, urlsplit

import pytest
from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from allauth.socialaccount.models import SocialAccount, SocialToken
from django.forms import model_to_dict
from django.test import Client

from accounts.models import SecurityEvent
from accounts.models import SecurityEventKind as Kind
from boroughs.models.officers import Officer
from tests.support.factories import PASSWORD
from tests.support.force_provider import (
    CALLBACK,
    START,
    TENANT,
    ask_provider,
    force_settings,
    sentences,
    sign_in_with_force,
)

pytestmark = pytest.mark.django_db

SIGN_IN, BOOKINGS = "/staff/sign-in/", "/staff/bookings/"


def is_in(client):
    return client.get(BOOKINGS).status_code == 200


def failures():
    return list(SecurityEvent.objects.filter(kind=Kind.SIGN_IN_FAILED).values_list("subject", "change"))


def test_force_account_signs_in_and_leads_on_to_the_page(client, provider, oid, inspector):
    response = sign_in_with_force(client, provider, oid, next="/staff/calendar/")

    event = SecurityEvent.objects.get(kind=Kind.SIGNED_IN)
    assert (response.status_code, response["Location"]) == (302, "/staff/calendar/")
    assert is_in(client)
    assert (event.officer, event.change) == (inspector, "force")


@pytest.mark.parametrize("page", ["https://evil.example/", "//evil.example/", "evil", "javascript:alert(1)"])
def test_force_sign_in_leads_to_no_other_host(page, client, provider, oid):
    response = sign_in_with_force(client, provider, oid, next=page)

    assert response["Location"] == "/staff/"


def test_sign_in_starts_a_new_session(client, provider, oid):
    address = ask_provider(client)
    key = client.session.session_key

    client.get(provider.answer(address, oid))

    assert client.session.session_key != key


def test_token_changes_nothing_here_and_nothing_of_it_is_kept(client, provider, oid, inspector):
    before = model_to_dict(Officer.objects.get(pk=inspector.pk), exclude=["last_login"])
    provider.set_person(
        oid, email="other@example.com", name="Other Name", preferred_username="other", given_name="Other"
    )

    sign_in_with_force(client, provider, oid)

    account = SocialAccount.objects.get()
    assert model_to_dict(Officer.objects.get(pk=inspector.pk), exclude=["last_login"]) == before
    assert (account.provider, account.uid, account.extra_data) == (provider.issuer, oid, {})
    assert not SocialToken.objects.exists()
    assert not EmailAddress.objects.exists()


def test_question_asks_for_a_second_factor_and_is_bound_to_this_browser(client, provider):
    asked = {name: values[0] for name, values in parse_qs(urlsplit(ask_provider(client)).query).items()}

    assert set(asked["scope"].split()) == {"openid", "profile"}
    assert json.loads(asked["claims"]) == {"id_token": {"acrs": {"essential": True, "value": "c1"}}}
    assert asked["code_challenge_method"] == "S256"
    assert min(len(asked[name]) for name in ("state", "nonce", "code_challenge")) >= 16
    assert "prompt" not in asked


# --- Refused ----------------------------------------------------------------------------------------------------------


def test_unknown_force_account_is_refused_even_with_an_inspectors_address(client, provider, inspector):
    provider.set_person("oid-of-a-stranger", email=inspector.email, email_verified=True, name=inspector.name)

    response = sign_in_with_force(client, provider, "oid-of-a-stranger")

    assert "isn’t connected" in sentences(response)
    assert not is_in(client)
    assert failures() == [(None, "not connected")]
    assert not SocialAccount.objects.exists()
    assert Officer.objects.count() == 1


@pytest.mark.parametrize("acrs", [None, [], ["c2"], "c2"])
def test_token_without_a_second_factor_is_refused(acrs, client, provider, oid, inspector):
    provider.set_person(oid, acrs=acrs)

    response = sign_in_with_force(client, provider, oid)

    assert "second factor" in sentences(response)
    assert not is_in(client)
    assert failures() == [(inspector.pk, "no second factor")]


@pytest.mark.parametrize(
    "wrong",
    [
        {"tid": "another-tenant"},
        {"tid": None},
        {"aud": "another-app"},
        {"aud": ["walkandtalk", "another-app"]},
        {"iss": "https://another.example"},
        {"nonce": "of another question"},
        {"exp": 1_600_000_000},
        {"oid": None},
        {"oid": ["oid-ines"]},
    ],
    ids=str,
)
def test_token_that_is_not_for_us_is_refused(wrong, client, provider, oid, caplog):
    provider.set_person("oid-ines", **wrong)

    response = sign_in_with_force(client, provider, oid)

    assert "isn’t working" in sentences(response)
    assert not is_in(client)
    assert "sign-in failed" in caplog.text
    assert "oid-ines" not in caplog.text


def test_answer_works_once(client, provider, oid):
    path = provider.answer(ask_provider(client), oid)
    client.get(path)
    client.post("/staff/sign-out/")

    response = client.get(path)

    assert "opened twice" in sentences(response)
    assert not is_in(client)


def test_answer_opens_nothing_in_another_browser(client, provider, oid):
    """An attacker who sends someone their own answer must not have them work in the attacker's account."""
    path = provider.answer(ask_provider(client), oid)
    another = Client()
    another.post(START)

    another.get(path)

    assert not is_in(another)
    client.get(path)
    assert is_in(client)


@pytest.mark.parametrize("query", ["", "?state=forged&code=x", "?error=access_denied&state=forged"])
def test_answer_without_our_state_asks_the_provider_nothing(query, client, provider, settings):
    settings.FORCE_SIGN_IN = force_settings("http://localhost:9")  # nobody listens there

    response = client.get(CALLBACK + query)

    assert "opened twice" in sentences(response)
    assert not is_in(client)
    assert failures() == []


def test_closed_account_is_refused(client, provider, oid, inspector):
    inspector.is_active = False
    inspector.save()

    response = sign_in_with_force(client, provider, oid)

    assert "closed" in sentences(response)
    assert not is_in(client)


def test_provider_that_is_down_is_said_to_be(client, provider, settings):
    settings.FORCE_SIGN_IN = force_settings("http://localhost:9")

    response = client.post(START)

    assert response["Location"] == SIGN_IN
    assert "isn’t working" in sentences(response)


# --- What it replaces -------------------------------------------------------------------------------------------------


def test_session_counts_as_one_with_a_second_factor(client, provider, oid, settings):
    settings.REQUIRE_SECOND_FACTOR = True

    sign_in_with_force(client, provider, oid)

    assert is_in(client)


def test_own_second_factor_is_not_asked_for(client, provider, oid, inspector):
    Authenticator.objects.create(user=inspector, type=Authenticator.Type.TOTP, data={"secret": "x"})

    sign_in_with_force(client, provider, oid)

    assert is_in(client)


def test_passwords_open_nothing_and_are_offered_nowhere(client, provider, oid, inspector):
    page = client.get(SIGN_IN)
    posted = client.post(SIGN_IN, {"username": inspector.email, "password": PASSWORD})
    sign_in_with_force(client, provider, oid)

    assert b"Continue to Met sign-in" in page.content
    assert b'type="password"' not in page.content
    assert posted.status_code == 405
    assert client.get("/staff/password/").status_code == 404
    assert b"/staff/password/" not in client.get(BOOKINGS).content


def test_form_may_lead_to_the_provider_from_this_page_alone(client, provider, oid):
    page = client.get(SIGN_IN)
    sign_in_with_force(client, provider, oid)

    assert f"form-action 'self' {provider.issuer};" in page["Content-Security-Policy"] + ";"
    assert provider.issuer not in client.get(BOOKINGS)["Content-Security-Policy"]


@pytest.mark.parametrize("path", [START, CALLBACK, f"{START}connect/", f"{START}confirm/", f"{SIGN_IN}emergency/"])
@pytest.mark.parametrize("method", ["get", "post"])
def test_without_settings_nothing_of_it_is_there(path, method, client, inspector):
    client.force_login(inspector)

    response = getattr(client, method)(path)

    assert response.status_code == (405 if (path, method) in {(START, "get"), (CALLBACK, "post")} else 404)


def test_without_settings_the_page_asks_for_a_password(client, db):
    page = client.get(SIGN_IN)

    assert b'type="password"' in page.content
    assert TENANT.encode() not in page.content
