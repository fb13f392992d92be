"""Signing in, the length of sessions, and signing out."""

import datetime

import pytest
import time_machine
from django.conf import settings
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from bookings.models.drafts import Draft
from tests.support.factories import PASSWORD
from tests.support.markup import Markup

pytestmark = pytest.mark.django_db

SIGN_IN = "/staff/sign-in/"


def sign_in(client, officer, password=PASSWORD, address="192.0.2.1", email=None):
    credentials = {"username": email or officer.email, "password": password}
    return client.post(SIGN_IN, credentials, REMOTE_ADDR=address)


def is_in(client):
    return client.get("/staff/bookings/").status_code == 200


@pytest.mark.parametrize(("minutes", "stays"), [(14, True), (16, False)])
def test_session_ends_after_fifteen_idle_minutes(minutes, stays, client, inspector):
    sign_in(client, inspector)
    assert is_in(client)

    with time_machine.travel(timezone.now() + datetime.timedelta(minutes=minutes)):
        assert is_in(client) == stays


def test_session_ends_after_ten_hours_of_activity(client, inspector):
    sign_in(client, inspector)
    assert is_in(client)
    began = timezone.now()

    stayed = []
    for minutes in range(14, 11 * 60, 14):
        with time_machine.travel(began + datetime.timedelta(minutes=minutes)):
            stayed += [minutes] if is_in(client) else []

    assert stayed == list(range(14, 10 * 60, 14))


def test_quick_requests_do_not_update_the_session(client, inspector):
    sign_in(client, inspector)
    assert is_in(client)

    with CaptureQueriesContext(connection) as asked:
        assert is_in(client)

    assert not [query["sql"] for query in asked if query["sql"].startswith("UPDATE")]


def test_sign_in_starts_a_new_session(client, inspector):
    client.get(SIGN_IN)
    session = client.session
    session["before"] = "she signed in"
    session.save()
    previous_key = session.session_key

    sign_in(client, inspector)

    assert client.session.session_key != previous_key


def test_sign_out_ends_the_session_everywhere(client, inspector):
    sign_in(client, inspector)
    stolen = Client()
    stolen.cookies = client.cookies.copy()
    assert is_in(stolen)

    client.post("/staff/sign-out/")

    assert not is_in(stolen)


def test_sign_in_error_is_the_same_for_a_wrong_address_and_password(client, inspector):
    def page(email):
        response = sign_in(client, inspector, password="wrong", email=email)
        return [tag.text.strip() for tag in Markup(response.text).tags if "error" in tag.attrs.get("class", "")]

    known, unknown = page(inspector.email), page("nobody@example.com")

    assert known == unknown
    assert any(known)


@pytest.mark.parametrize("host", ["testserver", settings.DISCREET_HOST])
def test_leave_deletes_session_and_draft_and_leaves_the_site(host, world):
    client = world.enter("inspector")
    session = client.session.session_key
    assert Draft.objects.open(world.cookie)

    response = client.get("/leave", headers={"host": host})

    assert (response.status_code, response["Location"]) == (302, settings.LEAVE_URL)
    assert response["Clear-Site-Data"] == '"cookies", "storage"'
    assert Draft.objects.open(world.cookie) is None
    assert not client.session.exists(session)
    deleted = {name for name, cookie in response.cookies.items() if not cookie.value and cookie["max-age"] == 0}
    assert deleted == {settings.ANSWERS_COOKIE_NAME, settings.SESSION_COOKIE_NAME, settings.CSRF_COOKIE_NAME}


def test_staff_page_leads_to_the_form_for_a_new_password(client, inspector):
    client.force_login(inspector)
    links = Markup(client.get("/staff/bookings/").content.decode()).all("a")

    page = client.get(next(link.attrs["href"] for link in links if link.text == "Change your password"))

    assert page.status_code == 200
    assert "New password" in page.content.decode()


def test_password_fields_are_masked_and_open_to_password_managers(client, inspector):
    def fields(page):
        inputs = [tag.attrs for tag in Markup(page.text).all("input") if "password" in tag.attrs.get("name", "")]
        return [(attrs["type"], attrs.get("autocomplete"), "onpaste" in attrs) for attrs in inputs]

    assert fields(client.get(SIGN_IN)) == [("password", "current-password", False)]
    client.force_login(inspector)
    assert fields(client.get("/staff/password/")) == [
        ("password", "current-password", False),
        ("password", "new-password", False),
        ("password", "new-password", False),
    ]


@pytest.mark.parametrize("typed", [PASSWORD.upper(), f" {PASSWORD}", f"{PASSWORD} ", PASSWORD[:-1], f"{PASSWORD}x"])
def test_password_is_checked_exactly_as_typed(typed, client, inspector):
    sign_in(client, inspector, password=typed)

    assert not is_in(client)


def test_password_never_expires(client, inspector):
    with time_machine.travel(timezone.now() + datetime.timedelta(days=5 * 365)):
        sign_in(client, inspector)

        assert is_in(client)


def test_form_without_its_token_says_what_to_do_in_the_frame_of_staff(inspector):
    client = Client(enforce_csrf_checks=True)

    page = client.post(SIGN_IN, {"username": inspector.email, "password": PASSWORD})

    assert page.status_code == 403
    assert "Ring your duty number" in page.text
    assert "60 minutes" not in page.text
