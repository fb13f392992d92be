"""A new password or role ends sessions and calendar feeds."""

import pytest
from django.core.exceptions import PermissionDenied
from django.test import Client
from django.urls import reverse

from accounts.profile import actions
from accounts.sessions.ending import end_access
from boroughs.models.officers import Officer
from tests.support.factories import PASSWORD
from tests.support.password_links import choose, send_reset
from tests.support.proposals import change_by_two
from walks.feeds.actions import create_feed
from walks.models.feeds import CalendarFeed

pytestmark = pytest.mark.django_db

NEW_PASSWORD = "walk slowly and look up"


@pytest.fixture
def elsewhere(officer):
    """Another browser in which the officer has signed in, and her calendar."""
    client = Client()
    client.force_login(officer)
    return client, reverse("calendar-feed", args=[create_feed(officer)])


def answers(elsewhere):
    browser, feed = elsewhere
    return browser.get("/staff/calendar/feed/").status_code, Client().get(feed).status_code


def change_own_password(client, officer, administrator):
    client.force_login(officer)
    data = {"old_password": PASSWORD, "new_password1": NEW_PASSWORD, "new_password2": NEW_PASSWORD}
    client.post("/staff/password/", data)
    assert client.get("/staff/walks/").status_code == 200


def choose_password_with_a_link(client, officer, administrator):
    client.get(send_reset(officer))
    choose(client, NEW_PASSWORD)


def change_role(client, officer, administrator):
    change_by_two(officer, role=Officer.Role.INSPECTOR)


@pytest.mark.parametrize("act", [change_own_password, choose_password_with_a_link, change_role])
def test_session_elsewhere_and_feed_end(act, client, officer, administrator, elsewhere):
    before = answers(elsewhere)

    act(client, officer, administrator)

    assert (before, answers(elsewhere)) == ((200, 200), (302, 404))


def test_page_of_the_feed_says_that_there_is_none_and_makes_a_new_one(client, officer, administrator):
    create_feed(officer)
    change_own_password(client, officer, administrator)

    shown = client.get("/staff/calendar/feed/").context["feed"]
    made = client.post("/staff/calendar/feed/").context

    assert shown is None
    assert (Client().get(made["feed_address"]).status_code, made["feed"] is not None) == (200, True)


def test_new_hash_of_the_same_password_ends_no_feed(client, officer, settings):
    """Django makes a new hash when someone signs in after an upgrade."""
    feed = reverse("calendar-feed", args=[create_feed(officer)])
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.PBKDF2SHA1PasswordHasher", *settings.PASSWORD_HASHERS]
    before = officer.password

    client.post("/staff/sign-in/", {"username": officer.email, "password": PASSWORD})

    officer.refresh_from_db()
    assert officer.password != before
    assert Client().get(feed).status_code == 200


def test_access_that_ended_meanwhile_does_not_come_back(officer):
    as_loaded = Officer.objects.get(pk=officer.pk)
    Officer.objects.filter(pk=officer.pk).update(is_active=False)
    end_access(officer)

    for act in (lambda: actions.change_own_password(as_loaded, "a hash"), lambda: create_feed(as_loaded)):
        with pytest.raises(PermissionDenied):
            act()

    officer.refresh_from_db()
    assert (officer.is_active, officer.password) == (False, as_loaded.password)
    assert not CalendarFeed.objects.exists()
