"""The one administrator who can still get in when the force's sign-in is down, with a password and a passkey."""

import pytest
from allauth.account.internal.flows.login import perform_login, record_authentication, resume_login
from allauth.account.internal.stagekit import unstash_login
from allauth.account.models import Login
from allauth.account.stages import LoginStageController
from allauth.core import context
from allauth.mfa.models import Authenticator
from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from allauth.socialaccount.models import SocialAccount
from django.contrib.messages.storage import default_storage
from django.test import RequestFactory
from django.urls import reverse
from django.utils import timezone

from accounts.models import SecurityEvent
from accounts.models import SecurityEventKind as Kind
from administration.models import Proposal
from audit.alerts.jobs import send_alerts
from boroughs.models.officers import Officer
from outbox.models import Message
from tests.support.counting_hasher import CountingHasher
from tests.support.factories import PASSWORD, OfficerFactory
from tests.support.force_provider import sentences
from tests.support.second_factors import recovery_codes_of

pytestmark = pytest.mark.django_db

EMERGENCY, ADMINISTRATION = "/staff/sign-in/emergency/", "/staff/today/administrator/"
SECOND_STEP = "/staff/sign-in/second-step/"


def add_factor(person, kind):
    Authenticator.objects.create(user=person, type=kind, data={"credential": {}, "secret": "", "name": "Key"})


@pytest.fixture
def person(provider):
    administrator = OfficerFactory(role=Officer.Role.ADMINISTRATOR, email="breakglass@example.com", bcu=None)
    add_factor(administrator, Authenticator.Type.WEBAUTHN)
    return administrator


@pytest.fixture
def hashed(settings):
    settings.PASSWORD_HASHERS = ["tests.support.counting_hasher.CountingHasher"]
    CountingHasher.hashed.clear()
    return CountingHasher.hashed


def enter(client, email, password=PASSWORD):
    return client.post(EMERGENCY, {"username": email, "password": password})


def request_of(client, person):
    request = RequestFactory().get("/")
    request.session, request.user = client.session, person
    request._messages = default_storage(request)
    return request


def take_second_step(client, person, kind):
    """Go on as the page of the second step does after a right answer."""
    request = request_of(client, person)
    login = unstash_login(request)
    record_authentication(request, person, "mfa", type=kind)
    LoginStageController(request, login).set_handled("mfa_authenticate")
    with context.request_context(request):
        response = resume_login(request, login)
    request._messages.update(response)
    request.session.save()
    client.cookies["session"] = request.session.session_key


def failures():
    return list(SecurityEvent.objects.filter(kind=Kind.SIGN_IN_FAILED).values_list("subject", "change"))


def is_in(client):
    return client.get(ADMINISTRATION).status_code == 200


def test_password_and_passkey_open_the_service_and_alert_the_auditor(client, person):
    response = enter(client, person.email)
    before = is_in(client)
    take_second_step(client, person, "webauthn")
    send_alerts(timezone.now())

    used = SecurityEvent.objects.get(kind=Kind.BREAK_GLASS_USED)
    alert = Message.objects.get(kind="auditor_alert")
    assert response["Location"] == "/staff/sign-in/second-step/"
    assert (before, is_in(client)) == (False, True)
    assert used.officer == person
    assert alert.subject == f"Audit: {Kind.BREAK_GLASS_USED.label}"


@pytest.mark.parametrize("kind", ["totp", "recovery_codes"])
def test_another_second_factor_is_not_enough(kind, client, person):
    add_factor(person, kind)
    enter(client, person.email)

    take_second_step(client, person, kind)

    assert not is_in(client)
    assert not SecurityEvent.objects.filter(kind__in=[Kind.SIGNED_IN, Kind.BREAK_GLASS_USED]).exists()


def test_passkey_of_anyone_else_opens_nothing(client, provider, inspector):
    """Whatever page begins with a passkey, the session starts in one place."""
    add_factor(inspector, Authenticator.Type.WEBAUTHN)
    request = request_of(client, inspector)
    record_authentication(request, inspector, "mfa", type="webauthn", passwordless=True)

    with context.request_context(request):
        response = perform_login(request, Login(user=inspector))

    assert response["Location"] == "/staff/sign-in/"
    assert "_auth_user_id" not in request.session


def test_second_step_asks_for_the_passkey_alone_and_leads_back_to_the_emergency_page(client, person):
    add_factor(person, "totp")
    enter(client, person.email)

    page = client.get(SECOND_STEP).text

    assert "Use your passkey" in page
    assert "Or use a code" not in page
    assert "recovery code" not in page
    assert 'name="code"' not in page
    assert f'href="{EMERGENCY}?next=' in page


def test_recovery_code_is_refused_with_a_sentence_and_kept(client, person):
    RecoveryCodes.activate(person)
    before = recovery_codes_of(person)
    enter(client, person.email)

    response = client.post(SECOND_STEP, {"code": before[0]})

    assert response["Location"] == SECOND_STEP
    assert "no code will do" in sentences(response)
    assert recovery_codes_of(person) == before


def test_steps_that_open_nothing_are_logged_and_answered_with_a_sentence(client, person):
    add_factor(person, "totp")
    enter(client, person.email)

    take_second_step(client, person, "totp")

    assert "Sign in with your force account" in client.get("/staff/sign-in/").text
    assert failures() == [(person.pk, "not by force")]


def without_passkey(person):
    Authenticator.objects.all().delete()


def no_administrator(person):
    Officer.objects.filter(pk=person.pk).update(role=Officer.Role.LEAD)


def closed(person):
    Officer.objects.filter(pk=person.pk).update(is_active=False)


def with_force_account(person):
    SocialAccount.objects.create(user=person, provider="https://an.earlier.example", uid="oid")


@pytest.mark.parametrize("change", [without_passkey, no_administrator, closed, with_force_account])
def test_without_what_it_takes_the_right_password_opens_nothing(change, client, person):
    change(person)

    response = enter(client, person.email)

    assert response.status_code == 200
    assert response.context["error_summary"]


def test_everyone_else_gets_the_same_answer_for_the_same_work(client, person, administrator, hashed):
    """How long a refusal takes mustn't tell whose the account for emergencies is."""
    add_factor(administrator, Authenticator.Type.WEBAUTHN)
    emails = [administrator.email, "nobody@example.com", person.email]

    answers = [enter(client, email, "wrong").context["error_summary"] for email in emails]

    assert answers[0] == answers[1] == answers[2]
    assert hashed == ["wrong"] * 3


# --- Whose it is ------------------------------------------------------------------------------------------------------


def change_email(client, person, email):
    """Propose this address for the person, as an administrator does."""
    page = reverse("people:powers", args=[person.pk])
    form = client.get(page).context["form"]
    data = {name: form[name].value() for name in form.fields if form[name].value() not in (None, False)}
    return client.post(page, {**data, "email": email, "reason": "New address"})


def test_administrator_cannot_become_the_account_for_emergencies(client, person, administrator):
    Officer.objects.filter(pk=person.pk).update(email="formerly@example.com")
    client.force_login(administrator)

    response = change_email(client, administrator, "BreakGlass@example.com")

    assert "Enter another address" in response.text
    assert not Proposal.objects.exists()


def test_nobody_is_added_as_the_account_for_emergencies(client, provider, administrator):
    client.force_login(administrator)

    response = client.post(reverse("people:add"), {"email": "breakglass@example.com"})

    assert "Enter another address" in response.text


def test_account_for_emergencies_keeps_its_address(client, person, administrator):
    client.force_login(administrator)

    refused = change_email(client, person, "other@example.com")
    respelt = change_email(client, person, "BREAKGLASS@example.com")

    assert "Leave this address as it is" in refused.text
    assert respelt.status_code == 302


def test_others_tries_are_limited_as_everywhere(client, provider, administrator, settings):
    settings.WRONG_PASSWORDS_PER_PAIR = 2

    statuses = [enter(client, administrator.email).status_code for _try in range(3)]

    assert statuses == [200, 200, 429]
