"""The list of browsers in which one is signed in, and signing them out."""

import re

import pytest
from django.conf import settings
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from accounts.jobs import delete_expired_sessions
from accounts.models import SecurityEvent, StaffSession
from accounts.sessions.browsers import browser_in_words
from accounts.sessions.ending import end_access
from tests.support.factories import PASSWORD
from tests.support.password_links import send_reset
from walks.feeds.actions import create_feed, get_feed_owner

pytestmark = pytest.mark.django_db

EDGE = "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 Chrome/140.0 Safari/537.36 Edg/140.0"
IPHONE = "Mozilla/5.0 (iPhone; CPU iPhone OS 19_0 like Mac OS X) AppleWebKit/605.1.15 Version/19.0 Safari/604.1"
SESSIONS = "/staff/sessions/"


def signed_in(officer, user_agent=EDGE):
    client = Client(headers={"user-agent": user_agent})
    client.post("/staff/sign-in/", {"username": officer.email, "password": PASSWORD})
    return client


def is_in(client):
    return client.get("/staff/keys/").status_code == 200


def listed(client):
    return re.findall(r'signed-in__words">\s*<strong>(.+?)</strong>', client.get(SESSIONS).text)


def end_address(officer, browser):
    return reverse("accounts:end_session", args=[StaffSession.objects.get(officer=officer, browser=browser).pk])


def test_list_has_my_browsers_and_nobody_elses(inspector, officer):
    here = signed_in(inspector)
    signed_in(inspector, IPHONE)
    signed_in(officer)

    assert listed(here) == ["Safari on iPhone", "Edge on Windows"]


def test_signing_out_one_browser_ends_its_session_at_once(inspector):
    here, phone = signed_in(inspector), signed_in(inspector, IPHONE)

    response = here.post(end_address(inspector, "Safari on iPhone"))

    assert (response.status_code, is_in(phone), is_in(here)) == (302, False, True)
    assert listed(here) == ["Edge on Windows"]
    assert SecurityEvent.objects.get(kind="session_ended").officer == inspector


def test_signing_out_everywhere_else_leaves_this_browser(inspector):
    here, phone, other = signed_in(inspector), signed_in(inspector, IPHONE), signed_in(inspector)

    here.post(reverse("accounts:end_other_sessions"))

    assert [is_in(client) for client in (here, phone, other)] == [True, False, False]


def test_session_whose_key_a_link_has_changed_stays_on_the_list(inspector):
    here, phone = signed_in(inspector), signed_in(inspector, IPHONE)

    phone.get(send_reset(inspector))

    assert is_in(phone)
    assert listed(here) == ["Safari on iPhone", "Edge on Windows"]


def test_signing_out_everywhere_else_also_ends_what_the_list_does_not_have(inspector):
    here, phone = signed_in(inspector), signed_in(inspector, IPHONE)
    signed_in(inspector)
    StaffSession.objects.filter(browser="Safari on iPhone").delete()
    token = create_feed(inspector)

    here.post(reverse("accounts:end_other_sessions"))

    assert [is_in(client) for client in (here, phone)] == [True, False]
    assert get_feed_owner(token, network="192.0.2.1") is None


def test_nobody_signs_out_anothers_browser(inspector, officer):
    signed_in(inspector)

    response = signed_in(officer, IPHONE).post(end_address(inspector, "Edge on Windows"))

    assert response.status_code == 404
    assert not SecurityEvent.objects.filter(kind="session_ended")


def test_browser_stays_on_the_list_after_its_key_changes_with_the_password(inspector):
    here, phone = signed_in(inspector), signed_in(inspector, IPHONE)
    new = "correct horse battery staple"
    before = here.cookies[settings.SESSION_COOKIE_NAME].value

    here.post("/staff/password/", {"old_password": PASSWORD, "new_password1": new, "new_password2": new})

    assert here.cookies[settings.SESSION_COOKIE_NAME].value != before
    assert listed(here) == ["Edge on Windows"]
    assert not is_in(phone)


def test_list_leaves_out_sessions_that_have_ended(inspector):
    signed_in(inspector, IPHONE)
    end_access(inspector)

    assert listed(signed_in(inspector)) == ["Edge on Windows"]


def test_signing_in_again_in_one_browser_gives_it_a_new_key(inspector):
    here = signed_in(inspector)
    here.post("/staff/sign-out/")
    here.post("/staff/sign-in/", {"username": inspector.email, "password": PASSWORD})

    assert listed(here) == ["Edge on Windows"]


def test_rows_of_sessions_that_are_gone_are_deleted(inspector):
    here, phone = signed_in(inspector), signed_in(inspector, IPHONE)
    phone.post("/staff/sign-out/")

    delete_expired_sessions(timezone.now())

    assert [row.session_key for row in StaffSession.objects.all()] == [here.session.session_key]


@pytest.mark.parametrize(
    ("user_agent", "words"),
    [
        (EDGE, "Edge on Windows"),
        (IPHONE, "Safari on iPhone"),
        ("Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0", "Firefox on Linux"),
        ("<script>alert(1)</script>", "A browser"),
        ("", "A browser"),
    ],
)
def test_browser_in_words(user_agent, words):
    assert browser_in_words(user_agent) == words


def test_signing_out_another_browser_asks_to_confirm_first(inspector):
    here, phone = signed_in(inspector), signed_in(inspector, IPHONE)
    session = here.session
    session["proved_at"] -= 11 * 60
    session.save()

    answers = [here.post(path) for path in (end_address(inspector, "Safari on iPhone"), "/staff/sessions/end-others/")]

    assert [answer["Location"] for answer in answers] == ["/staff/confirm/password/?next=%2Fstaff%2Fsessions%2F"] * 2
    assert is_in(phone)
    assert listed(here) == ["Safari on iPhone", "Edge on Windows"]
