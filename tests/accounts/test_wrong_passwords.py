"""Limits on wrong passwords, which are decided before any password is hashed (docs/rules.md#wrong-passwords)."""

import datetime
from collections import Counter

import pytest
import time_machine
from django.core.exceptions import ValidationError
from django.db import DatabaseError, connection
from django.test import Client
from django.utils import timezone

from accounts.limits import RateLimit
from accounts.models import RateCount, SecurityEvent
from accounts.models import SecurityEventKind as Kind
from accounts.password_tries.tries import count_if_wrong, try_to_sign_in
from tests.support.concurrency import run_concurrently
from tests.support.counting_hasher import CountingHasher
from tests.support.factories import PASSWORD, OfficerFactory
from tests.support.page_text import page_text

pytestmark = pytest.mark.django_db

SIGN_IN = "/staff/sign-in/"
NEW_PASSWORD = "quiet lanterns by the river"
QUARTER = datetime.timedelta(minutes=15)


@pytest.fixture(autouse=True)
def in_one_window():
    """Begin at ten past, because limits are counted in whole quarters of an hour."""
    with time_machine.travel(datetime.datetime(2026, 12, 1, 10, 10, tzinfo=datetime.UTC)) as clock:
        yield clock


@pytest.fixture
def hashed(settings, db):
    """Every password that was hashed since."""
    settings.PASSWORD_HASHERS = ["tests.support.counting_hasher.CountingHasher"]
    CountingHasher.hashed.clear()
    return CountingHasher.hashed


def sign_in(email, password="wrong", *, network="192.0.2.1", client=None):
    credentials = {"username": email, "password": password}
    return (client or Client()).post(SIGN_IN, credentials, REMOTE_ADDR=network)


def statuses(responses):
    return [response.status_code for response in responses]


def fail(times, email, **where):
    assert statuses(sign_in(email, **where) for _ in range(times)) == [200] * times


def test_five_wrong_passwords_pause_one_name_from_one_network(inspector, officer):
    fail(5, inspector.email)

    assert sign_in(inspector.email, PASSWORD).status_code == 429
    assert sign_in(officer.email, PASSWORD).status_code == 302
    assert sign_in(inspector.email, PASSWORD, network="192.0.2.2").status_code == 302


def test_pause_ends_when_the_page_says(inspector, in_one_window):
    fail(5, inspector.email)

    page = page_text(sign_in(inspector.email, PASSWORD).text)
    in_one_window.move_to(datetime.datetime(2026, 12, 1, 10, 14, 59, tzinfo=datetime.UTC))
    a_second_before = sign_in(inspector.email, PASSWORD).status_code
    in_one_window.shift(1)

    assert "Wait until 10:15am, then try again, or use a phone or computer where you’ve signed in before." in page
    assert a_second_before == 429
    assert sign_in(inspector.email, PASSWORD).status_code == 302


@pytest.mark.parametrize("network", ["192.0.2.1", "2001:db8::{}"])
def test_twenty_wrong_passwords_pause_a_network(network, officer, hashed):
    tries = [sign_in(f"name-{number}@example.com", network=network.format(number + 1)) for number in range(22)]

    assert statuses(tries) == [200] * 20 + [429] * 2
    assert sign_in(officer.email, PASSWORD, network=network.format("f")).status_code == 429
    assert len(hashed) == 20


def test_twenty_wrong_passwords_for_one_name_pause_it_everywhere(inspector, hashed):
    tries = [sign_in(inspector.email, network=f"192.0.2.{number}") for number in range(22)]

    assert statuses(tries) == [200] * 20 + [429] * 2
    assert "Wait until 11am" in tries[-1].text
    assert len(hashed) == 20


def test_too_many_wrong_passwords_in_a_day_pause_a_name_until_the_next(inspector, in_one_window, settings):
    settings.WRONG_PASSWORDS_PER_NAME_A_DAY = 40
    for hour in range(2):
        in_one_window.move_to(datetime.datetime(2026, 12, 1, 10 + hour, 10, tzinfo=datetime.UTC))
        for number in range(20):
            sign_in(inspector.email, network=f"192.0.{hour}.{number}")
    in_one_window.move_to(datetime.datetime(2026, 12, 1, 23, 50, tzinfo=datetime.UTC))

    assert "Wait until midnight" in sign_in(inspector.email, PASSWORD).text
    in_one_window.shift(datetime.timedelta(minutes=10))
    assert sign_in(inspector.email, PASSWORD).status_code == 302


def test_sixty_people_sign_in_from_one_network(inspector):
    people = [OfficerFactory(bcu=inspector.bcu) for _ in range(60)]

    answers = [sign_in(person.email, PASSWORD) for person in people]

    assert statuses(answers) == [302] * 60
    assert sum(RateCount.objects.values_list("count", flat=True)) == 60  # one check of each, and no wrong password


def test_right_passwords_of_one_account_are_limited_too(inspector, officer, hashed):
    tries = [sign_in(inspector.email, PASSWORD, network=f"192.0.2.{number}") for number in range(31)]

    assert statuses(tries) == [302] * 30 + [429]
    assert len(hashed) == 30
    assert "Wait until 10:15am" in tries[-1].text
    assert sign_in(officer.email, PASSWORD).status_code == 302


def test_right_passwords_on_a_known_browser_are_limited_too(inspector, settings):
    settings.PASSWORD_CHECKS_PER_ACCOUNT = 3
    known = Client()

    def in_and_out():
        status = sign_in(inspector.email, PASSWORD, client=known).status_code
        known.post("/staff/sign-out/")
        return status

    tries = [in_and_out() for _ in range(7)]

    assert tries == [302] * 6 + [429]  # three as a stranger, the first among them, and three as known


def test_provider_network_has_a_limit_over_its_many_networks(officer, settings):
    settings.WRONG_PASSWORDS_PER_IPV6_SITE = 6
    tries = [sign_in(f"name-{number}@example.com", network=f"2001:db8:0:{number}::1") for number in range(7)]

    refused = sign_in(officer.email, PASSWORD, network="2001:db8:0:ffff::1").status_code

    assert statuses(tries) == [200] * 6 + [429]
    assert refused == 429
    assert sign_in(officer.email, PASSWORD, network="2001:db8:1::1").status_code == 302


def test_only_a_wrong_password_counts_and_no_other_error(rf):
    tried = try_to_sign_in(rf.post(SIGN_IN), "nobody@example.com", None)

    with pytest.raises(DatabaseError), count_if_wrong(tried), connection.cursor() as cursor:
        cursor.execute("SELECT 1 / 0")
    after_an_error = sorted(RateCount.objects.values_list("count", flat=True))
    with pytest.raises(ValidationError), count_if_wrong(tried):
        raise ValidationError("")

    assert after_an_error == [0] * 4 + [1]  # the check itself counts, because it took CPU
    assert sorted(RateCount.objects.values_list("count", flat=True)) == [1] * 4 + [2]


@pytest.mark.parametrize(
    "spelt", [str.upper, str.title, lambda email: f" {email}", lambda email: email.replace("s", "ſ")]
)
def test_every_spelling_of_a_name_counts_together(spelt, inspector):
    inspector.email = "ines.s@example.com"
    inspector.save()
    fail(5, spelt(inspector.email))

    assert sign_in(inspector.email).status_code == 429


def test_forged_network_addresses_count_as_one(client, inspector):
    for number in range(5):
        client.post(
            SIGN_IN,
            {"username": inspector.email, "password": "wrong"},
            headers={"X-Forwarded-For": f"192.0.2.{number}", "X-Real-IP": f"192.0.2.{number}"},
        )

    assert client.post(SIGN_IN, {"username": inspector.email, "password": PASSWORD}).status_code == 429


def test_known_and_unknown_names_cost_the_same_hashes_and_get_the_same_pages(inspector, hashed):
    def pages(email):
        return [page_text(sign_in(email, network=f"192.0.2.{len(email)}").text) for _ in range(7)]

    known, hashes_of_known = pages(inspector.email), len(hashed)
    unknown = pages("nobody-of-this-name@example.com")

    assert [page.replace(inspector.email, "") for page in known] == [
        page.replace("nobody-of-this-name@example.com", "") for page in unknown
    ]
    assert (hashes_of_known, len(hashed)) == (5, 10)


def test_form_without_a_password_is_neither_counted_nor_hashed(client, hashed):
    for answer in ({}, {"username": "a@example.com"}, {"username": "no address", "password": "x"}):
        client.post(SIGN_IN, answer)

    assert hashed == []
    assert not RateCount.objects.exists()


def test_count_holds_no_name_and_no_network(inspector):
    fail(1, inspector.email)

    stored = str(list(RateCount.objects.values()))
    assert not [typed for typed in (inspector.email, inspector.email.upper(), "192.0.2") if typed in stored]


# --- At the same moment -----------------------------------------------------------------------------------------------


@pytest.mark.django_db(transaction=True)
def test_parallel_tries_get_no_extra_one(inspector, hashed):
    fail(3, inspector.email)
    hashed.clear()

    answers = run_concurrently(*[lambda: sign_in(inspector.email).status_code] * 4)
    later = [sign_in(inspector.email).status_code for _ in range(2)]

    assert set(answers) <= {200, 429, 503}
    assert len(hashed) == [*answers, *later].count(200) == 2


@pytest.mark.django_db(transaction=True)
def test_last_use_is_taken_by_one_of_two():
    limit, now = RateLimit("a key", QUARTER, 8), timezone.now()

    answers = run_concurrently(*[lambda: RateCount.objects.take([limit], now=now)] * 12)

    assert sorted(map(len, answers)) == [0] * 8 + [1] * 4
    assert RateCount.objects.get().count == 8


# --- Many guesses -----------------------------------------------------------------------------------------------------


def test_botnet_gets_a_few_guesses_of_each_name_in_a_day(rf):
    """Three names, each guessed every six minutes, always from another network. Nothing is hashed here."""
    start = datetime.datetime(2026, 12, 1, tzinfo=datetime.UTC)
    allowed = Counter()
    for minute in range(0, 24 * 60, 6):
        for number in range(3):
            request = rf.post(SIGN_IN, REMOTE_ADDR=f"10.0.{minute // 256}.{minute % 256}")
            tried = try_to_sign_in(request, f"name-{number}@example.com", None)
            now = start + datetime.timedelta(minutes=minute)
            reached = RateCount.objects.find_reached(tried.limits, now=now)
            allowed[number] += not (reached or RateCount.objects.take(tried.limits, now=now))

    assert allowed == dict.fromkeys(range(3), 100)


# --- Entered again ----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("address", ["/staff/password/", "/admin/password_change/"])
def test_wrong_old_passwords_are_counted_before_they_are_hashed(address, client, administrator, hashed):
    client.force_login(administrator)
    new = {"new_password1": NEW_PASSWORD, "new_password2": NEW_PASSWORD}

    answers = [client.post(address, {"old_password": "wrong", **new}).status_code for _ in range(12)]
    hashed.clear()
    refused = client.post(address, {"old_password": PASSWORD, **new})

    assert answers == [200] * 10 + [429] * 2
    assert (refused.status_code, hashed) == (429, [])
    assert "Wait until 10:15am, then try again." in page_text(refused.text)
    reached = [(event.kind, event.officer) for event in SecurityEvent.objects.all()]
    assert reached == [(Kind.LIMIT_REACHED, administrator)]


def test_right_old_passwords_are_limited_too(client, inspector, settings):
    settings.PASSWORD_CHECKS_PER_ACCOUNT = 3
    client.force_login(inspector)

    answers = [client.post("/staff/password/", {"old_password": PASSWORD}).status_code for _ in range(4)]

    assert answers == [200] * 3 + [429]


def test_own_old_password_is_not_locked_by_others(client, inspector):
    client.force_login(inspector)
    for number in range(20):
        sign_in(inspector.email, network=f"192.0.2.{number}")
    new = {"new_password1": NEW_PASSWORD, "new_password2": NEW_PASSWORD}

    assert client.post("/staff/password/", {"old_password": PASSWORD, **new}).status_code == 302
