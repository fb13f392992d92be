"""A browser that a person has signed in on before is counted by itself (docs/rules.md#wrong-passwords)."""

import datetime
import hmac

import pytest
import time_machine
from django.conf import settings
from django.test import Client

from accounts.sessions.ending import end_access
from tests.support.factories import PASSWORD, OfficerFactory
from tests.support.page_text import page_text

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


def test_known_browser_has_ten_tries_of_its_own_and_then_those_of_any_other(inspector):
    known = browser_of(inspector)

    own = [sign_in(inspector, "wrong", client=known).status_code for _ in range(10)]
    in_a_strange_one = sign_in(inspector, "wrong").status_code
    shared = [sign_in(inspector, "wrong", client=known).status_code for _ in range(5)]

    assert (own, in_a_strange_one, shared) == ([200] * 10, 200, [200] * 4 + [429])
    assert sign_in(inspector, client=known, network="192.0.2.2").status_code == 302


def test_known_browser_has_its_own_tries_if_others_used_up_those_of_the_name(inspector):
    known = browser_of(inspector)
    use_up(inspector)

    tries = [sign_in(inspector, "wrong", client=known) for _ in range(11)]

    assert [answer.status_code for answer in tries] == [200] * 10 + [429]
    # Those of the name come back at 11am.
    assert "Wait until 10:15am, then try again." in page_text(tries[-1].text)


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
        when, bits, *hmacs = known.cookies[COOKIE].value.split(".")
        known.cookies[COOKIE] = ".".join([when, bits[::-1], *hmacs])
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


def test_mark_of_an_earlier_password_takes_no_place_of_a_colleague(inspector, officer):
    shared = browser_of(inspector, officer)
    inspector.set_password(NEW_PASSWORD)
    inspector.save()

    sign_in(inspector, NEW_PASSWORD, client=shared)

    assert len(shared.cookies[COOKIE].value.split(":")) == 2


@pytest.mark.parametrize("people", [0, 1, 10])
def test_name_of_nobody_takes_the_same_number_of_hmacs(people, inspector, bcu, monkeypatch):
    client = browser_of(*[OfficerFactory(bcu=bcu) for _ in range(people)])
    client.get(SIGN_IN)
    made, new, digest = [], hmac.new, hmac.digest
    monkeypatch.setattr(hmac, "new", lambda *args, **options: made.append(1) or new(*args, **options))
    monkeypatch.setattr(hmac, "digest", lambda *args: made.append(1) or digest(*args))

    def count(email):
        made.clear()
        client.post(SIGN_IN, {"username": email, "password": "wrong"}, REMOTE_ADDR=f"192.0.2.{len(email)}")
        return len(made)

    assert count(inspector.email) == count("nobody@example.com") > 0


@pytest.mark.parametrize("text", ["", ":", "x" * 3000, "é.ü", ".".join(["f" * 8, "0" * 32, "0" * 32, "0" * 64])])
def test_odd_cookie_is_no_mark(text, inspector):
    client = Client()
    client.cookies[COOKIE] = text

    assert sign_in(inspector, client=client).status_code == 302


def test_cookie_names_nobody_and_is_hidden_from_scripts(inspector):
    cookie = browser_of(inspector).cookies[COOKIE]

    assert (cookie["httponly"], cookie["samesite"], cookie["max-age"]) == (True, "Strict", 90 * 24 * 3600)
    assert inspector.email not in cookie.value
    assert [len(part) for part in cookie.value.split(".")] == [8, 32, 32, 64]
    assert browser_of(inspector).cookies[COOKIE].value != cookie.value


def test_wrong_password_leaves_no_mark(inspector):
    client = Client()

    sign_in(inspector, "wrong", client=client)

    assert COOKIE not in client.cookies
