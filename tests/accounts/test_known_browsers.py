"""A browser that a person has signed in on before is counted by itself (docs/rules.md#wrong-passwords)."""

import datetime

import pytest
import time_machine
from django.conf import settings
from django.test import Client

from accounts.sessions.ending import end_access
from tests.support.factories import PASSWORD, OfficerFactory

pytestmark = pytest.mark.django_db

SIGN_IN = "/staff/sign-in/"
COOKIE = settings.KNOWN_BROWSER_COOKIE_NAME
NEW_PASSWORD = "quiet lanterns by the river"
TEN_PAST = datetime.datetime(2026, 12, 1, 10, 10, tzinfo=datetime.UTC)


@pytest.fixture(autouse=True)
def in_one_window():
    with time_machine.travel(TEN_PAST) as clock:
        yield clock


def sign_in(officer, password=PASSWORD, *, client=None, network="192.0.2.1"):
    credentials = {"username": officer.email, "password": password}
    return (client or Client()).post(SIGN_IN, credentials, REMOTE_ADDR=network)


def use_up(officer):
    """Use up the tries of this name, and of her network, as somebody else could."""
    for number in range(20):
        sign_in(officer, "wrong", network=f"192.0.2.{number}")
    for number in range(19):
        Client().post(SIGN_IN, {"username": f"{number}@example.com", "password": "x"}, REMOTE_ADDR="192.0.2.1")


def pause(officer):
    """Use up the tries of this name from her network."""
    for _ in range(5):
        sign_in(officer, "wrong")


def browser_of(*people):
    """Return a browser on which these people have signed in and out."""
    client = Client()
    assert [in_and_out(person, client) for person in people] == [302] * len(people)
    return client


def in_and_out(person, client):
    status = sign_in(person, client=client).status_code
    client.post("/staff/sign-out/")
    return status


def test_others_cannot_lock_out_a_browser_that_she_knows(inspector):
    known = browser_of(inspector)
    use_up(inspector)

    assert sign_in(inspector).status_code == 429
    assert sign_in(inspector, client=known).status_code == 302


def test_computer_of_a_station_knows_the_last_ten_people(bcu):
    people = [OfficerFactory(bcu=bcu) for _ in range(11)]
    shared = browser_of(*people)
    pause(people[0])

    forgotten = sign_in(people[0], client=shared).status_code
    with_mark = [in_and_out(person, shared) for person in people[1:]]

    assert forgotten == 429
    assert with_mark == [302] * 10


def test_known_browser_is_paused_after_ten_wrong_passwords_of_its_own(inspector):
    known = browser_of(inspector)

    answers = [sign_in(inspector, "wrong", client=known).status_code for _ in range(11)]

    assert answers == [200] * 10 + [429]
    assert sign_in(inspector).status_code == 302


def test_signing_in_again_gives_no_more_tries(inspector):
    known = browser_of(inspector)
    copied = known.cookies[COOKIE].value
    in_and_out(inspector, known)

    assert known.cookies[COOKIE].value.split(".")[1] == copied.split(".")[1]


def test_known_browser_is_a_stranger_to_everyone_else(inspector, officer):
    known = browser_of(inspector)

    answers = [sign_in(officer, "wrong", client=known).status_code for _ in range(6)]

    assert answers == [200] * 5 + [429]


ENDS = ["a new password", "deactivation", "another role", "ninety days", "another account", "a forged mark"]


@pytest.mark.parametrize("change", ENDS)
def test_mark_ends(change, inspector, officer, in_one_window):
    known = browser_of(inspector)
    if change == "a new password":
        inspector.set_password(NEW_PASSWORD)
        inspector.save()
    if change == "deactivation":
        type(inspector).objects.filter(pk=inspector.pk).update(is_active=False)
    if change == "another role":
        end_access(inspector)
    if change == "ninety days":
        in_one_window.shift(settings.KNOWN_BROWSER_LIFE)
    if change == "a forged mark":
        when, bits, hmac = known.cookies[COOKIE].value.split(".")
        known.cookies[COOKIE] = f"{when}.{bits[::-1]}.{hmac}"
    person = officer if change == "another account" else inspector

    answers = [sign_in(person, "wrong", client=known).status_code for _ in range(6)]

    assert answers == [200] * 5 + [429]


def test_new_password_keeps_the_browser_on_which_it_was_chosen(inspector):
    here, elsewhere = browser_of(inspector), browser_of(inspector)
    sign_in(inspector, client=here)
    new = {"old_password": PASSWORD, "new_password1": NEW_PASSWORD, "new_password2": NEW_PASSWORD}
    assert here.post("/staff/password/", new).status_code == 302
    here.post("/staff/sign-out/")
    pause(inspector)

    assert sign_in(inspector, NEW_PASSWORD, client=here).status_code == 302
    assert sign_in(inspector, NEW_PASSWORD, client=elsewhere).status_code == 429


@pytest.mark.parametrize("text", ["", ":", "x" * 3000, "é.ü", ".".join(["f" * 8, "0" * 32, "0" * 64])])
def test_odd_cookie_is_no_mark(text, inspector):
    client = Client()
    client.cookies[COOKIE] = text

    assert sign_in(inspector, client=client).status_code == 302


def test_cookie_names_nobody_and_is_hidden_from_scripts(inspector):
    cookie = browser_of(inspector).cookies[COOKIE]

    assert (cookie["httponly"], cookie["samesite"], cookie["max-age"]) == (True, "Strict", 90 * 24 * 3600)
    assert inspector.email not in cookie.value
    assert [len(part) for part in cookie.value.split(".")] == [8, 32, 64]
    assert browser_of(inspector).cookies[COOKIE].value != cookie.value


def test_wrong_password_leaves_no_mark(inspector):
    client = Client()

    sign_in(inspector, "wrong", client=client)

    assert COOKIE not in client.cookies
