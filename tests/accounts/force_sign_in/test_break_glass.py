"""The one administrator who can still get in when the force's sign-in is down, with a password and a passkey."""

import pytest
from allauth.account.internal.flows.login import perform_login, record_authentication, resume_login
from allauth.account.internal.stagekit import unstash_login
from allauth.account.models import Login
from allauth.account.stages import LoginStageController
from allauth.core import context
from allauth.mfa.models import Authenticator
from django.test import RequestFactory
from django.utils import timezone

from accounts.models import SecurityEvent
from accounts.models import SecurityEventKind as Kind
from audit.alerts.jobs import send_alerts
from boroughs.models.officers import Officer
from outbox.models import Message
from tests.support.counting_hasher import CountingHasher
from tests.support.factories import PASSWORD, OfficerFactory

pytestmark = pytest.mark.django_db

EMERGENCY, ADMINISTRATION = "/staff/sign-in/emergency/", "/staff/today/administrator/"


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


def take_second_step(client, person, kind):
    """Go on as the page of the second step does after a right answer."""
    request = RequestFactory().get("/")
    request.session, request.user = client.session, person
    login = unstash_login(request)
    record_authentication(request, person, "mfa", type=kind)
    LoginStageController(request, login).set_handled("mfa_authenticate")
    with context.request_context(request):
        resume_login(request, login)
    request.session.save()
    client.cookies["session"] = request.session.session_key


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
    request = RequestFactory().get("/")
    request.session, request.user = client.session, inspector
    record_authentication(request, inspector, "mfa", type="webauthn", passwordless=True)

    with context.request_context(request):
        response = perform_login(request, Login(user=inspector))

    assert response["Location"] == "/staff/sign-in/"
    assert "_auth_user_id" not in request.session


def without_passkey(person):
    Authenticator.objects.all().delete()


def no_administrator(person):
    Officer.objects.filter(pk=person.pk).update(role=Officer.Role.LEAD)


def closed(person):
    Officer.objects.filter(pk=person.pk).update(is_active=False)


@pytest.mark.parametrize("change", [without_passkey, no_administrator, closed])
def test_without_what_it_takes_no_password_is_hashed(change, client, person, hashed):
    change(person)

    response = enter(client, person.email)

    assert response.status_code == 200
    assert hashed == []


def test_everyone_else_gets_the_same_answer_and_no_password_is_hashed(client, person, administrator, hashed):
    add_factor(administrator, Authenticator.Type.WEBAUTHN)

    answers = [enter(client, email).context["error_summary"] for email in (administrator.email, "nobody@example.com")]
    of_others = list(hashed)
    answers.append(enter(client, person.email, "wrong").context["error_summary"])

    assert answers[0] == answers[1] == answers[2]
    assert of_others == []
    assert hashed == ["wrong"]


def test_others_tries_are_limited_as_everywhere(client, provider, administrator, settings):
    settings.WRONG_PASSWORDS_PER_PAIR = 2

    statuses = [enter(client, administrator.email).status_code for _try in range(3)]

    assert statuses == [200, 200, 429]
