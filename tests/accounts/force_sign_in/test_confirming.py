"""Confirming that it's still them, for people whose only way in is the force's sign-in."""

import time
from urllib.parse import parse_qs, urlsplit

import pytest
from allauth.account.adapter import get_adapter
from allauth.core import context
from allauth.socialaccount.models import SocialAccount
from django.urls import reverse

from tests.support.force_provider import sentences, sign_in_with_force

pytestmark = pytest.mark.django_db

CONFIRM = reverse("accounts:confirm_with_force")
HOURS_AGO = 6 * 60 * 60


def has_to_confirm(client):
    request = client.get("/staff/bookings/").wsgi_request
    with context.request_context(request):
        return get_adapter(request).is_reauthentication_required(app="accounts")


@pytest.fixture
def signed_in(client, provider, oid):
    """A browser let in by the provider without a question, because it had asked hours ago."""
    provider.set_person(oid, auth_time=int(time.time()) - HOURS_AGO)
    sign_in_with_force(client, provider, oid)
    return client


def confirm(client, provider, oid, **claims):
    provider.set_person(oid, **claims)
    return client.get(provider.answer(client.post(CONFIRM, {"next": "/staff/calendar/feed/"})["Location"], oid))


def test_being_let_in_without_a_question_confirms_nothing(signed_in):
    assert has_to_confirm(signed_in)


def test_signing_in_afresh_confirms(client, provider, oid):
    provider.set_person(oid, auth_time=int(time.time()))

    sign_in_with_force(client, provider, oid)

    assert not has_to_confirm(client)


def test_confirming_asks_the_provider_to_ask_again_and_leads_on(signed_in, provider, oid):
    asked = parse_qs(urlsplit(signed_in.post(CONFIRM)["Location"]).query)

    response = confirm(signed_in, provider, oid, auth_time=int(time.time()))

    assert (asked["prompt"], asked["max_age"]) == (["login"], ["0"])
    assert response["Location"] == "/staff/calendar/feed/"
    assert not has_to_confirm(signed_in)


@pytest.mark.parametrize("claims", [{"auth_time": 1}, {"auth_time": "now"}, {}])
def test_provider_that_did_not_ask_again_confirms_nothing(claims, signed_in, provider, oid):
    told = claims or {"auth_time": int(time.time()) - HOURS_AGO}

    response = confirm(signed_in, provider, oid, **told)

    assert "prove that it’s you" in sentences(response)
    assert has_to_confirm(signed_in)


def test_someone_elses_force_account_confirms_nothing(signed_in, provider, officer):
    SocialAccount.objects.create(user=officer, provider=provider.issuer, uid="oid-olive")

    response = confirm(signed_in, provider, "oid-olive", auth_time=int(time.time()))

    assert "someone else’s" in sentences(response)
    assert has_to_confirm(signed_in)


def test_page_that_changes_something_leads_to_the_force(signed_in, inspector):
    methods = get_adapter().get_reauthentication_methods(inspector)

    assert [method["url"] for method in methods] == [CONFIRM]
    assert b"Confirm with Met sign-in" in signed_in.get(CONFIRM).content
