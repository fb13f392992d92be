"""Few passwords are checked at once, so that a flood of sign-ins leaves the pages quick."""

import time
from contextlib import ExitStack, contextmanager

import pytest
from django.db import transaction
from django.test import Client

from accounts.models import RateCount, SecurityEvent
from accounts.models import SecurityEventKind as Kind
from accounts.password_tries import lanes
from tests.support.concurrency import act_after_first_read, run_in_thread
from tests.support.counting_hasher import CountingHasher
from tests.support.factories import PASSWORD
from tests.support.gunicorn_settings import gunicorn_settings
from tests.support.lock_waits import press_while_locked
from walkandtalk.lib.network import provider_network

SIGN_IN = "/staff/sign-in/"


@pytest.fixture
def hashed(settings):
    settings.PASSWORD_HASHERS = ["tests.support.counting_hasher.CountingHasher"]
    CountingHasher.hashed.clear()
    return CountingHasher.hashed


@contextmanager
def full_lane(lane=lanes.STRANGERS):
    """Hold every thread of the lane."""
    with ExitStack() as taken:
        for number in range(lanes.THREADS):
            taken.enter_context(lane.hold_thread(f"198.51.100.{number}"))
        yield


def sign_in(officer, client=None, network="192.0.2.1"):
    credentials = {"username": officer.email, "password": PASSWORD}
    return (client or Client()).post(SIGN_IN, credentials, REMOTE_ADDR=network)


def hold(lane):
    lane._lock()


@pytest.mark.django_db(transaction=True)
def test_second_password_waits_for_the_first(inspector, hashed):
    in_between = []

    answer = press_while_locked(
        lambda: sign_in(inspector).status_code,
        lock=lambda: hold(lanes.STRANGERS),
        act=lambda: in_between.append(list(hashed)),
    )

    assert in_between == [[]]
    assert (answer, hashed) == (302, [PASSWORD])


@pytest.mark.django_db(transaction=True)
def test_wait_ends_with_a_page_and_is_not_counted(inspector, hashed, monkeypatch):
    monkeypatch.setattr(lanes, "LONGEST_WAIT", "50ms")
    answers = []

    with transaction.atomic():
        hold(lanes.STRANGERS)
        run_in_thread(lambda: answers.append(sign_in(inspector))).join()

    assert (answers[0].status_code, answers[0]["Retry-After"]) == (503, "5")
    assert "Try again in a moment" in answers[0].text
    assert hashed == []
    assert set(RateCount.objects.exclude(count=1).values_list("count", flat=True)) == {0}
    assert SecurityEvent.objects.get().kind == Kind.LIMIT_REACHED


@pytest.mark.django_db
def test_full_lane_refuses_at_once_and_leaves_one_line(inspector, hashed):
    with full_lane():
        answers = [sign_in(inspector).status_code for _ in range(3)]

    assert answers == [503] * 3
    assert hashed == []
    assert [event.kind for event in SecurityEvent.objects.all()] == [Kind.LIMIT_REACHED]


@pytest.mark.django_db
def test_strangers_do_not_fill_the_lane_of_known_browsers(inspector):
    known = Client()
    sign_in(inspector, known)
    known.post("/staff/sign-out/")

    with full_lane():
        answers = (sign_in(inspector).status_code, sign_in(inspector, known).status_code)

    assert answers == (503, 302)


@pytest.mark.django_db
def test_line_of_a_full_lane_does_not_name_whoever_was_turned_away(client, inspector):
    client.force_login(inspector)

    with full_lane(lanes.KNOWN):
        answer = client.post("/staff/password/", {"old_password": PASSWORD})

    event = SecurityEvent.objects.get()
    assert (answer.status_code, event.kind, event.officer, event.subject) == (503, Kind.LIMIT_REACHED, None, None)


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("same", "another"),
    [(["192.0.2.1"] * 3, "192.0.2.2"), (["2001:db8:0:1::1", "2001:db8:0:2::1", "2001:db8:0:f::1"], "2001:db8:1::1")],
)
def test_network_leaves_half_of_a_lane_to_others(same, another, inspector):
    with ExitStack() as taken:
        for network in same[:2]:
            taken.enter_context(lanes.STRANGERS.hold_thread(provider_network(network)))
        answers = (sign_in(inspector, network=same[2]).status_code, sign_in(inspector, network=another).status_code)

    assert answers == (503, 302)
    assert [event.kind for event in SecurityEvent.objects.order_by("pk")] == [Kind.LIMIT_REACHED, Kind.SIGNED_IN]


@pytest.mark.django_db(transaction=True)
def test_second_check_of_one_account_waits_in_no_lane_and_is_not_counted(inspector, officer, hashed):
    answers = []

    with transaction.atomic():
        RateCount.objects.try_lock_key(f"check of {inspector.email.upper()} among strangers")
        run_in_thread(lambda: answers.append(sign_in(inspector).status_code)).join()
        run_in_thread(lambda: answers.append(sign_in(officer).status_code)).join()

    assert answers == [503, 302]
    assert hashed == [PASSWORD]
    assert sorted(RateCount.objects.values_list("count", flat=True)) == [0] * 8 + [1]
    assert [event.kind for event in SecurityEvent.objects.all()] == [Kind.SIGNED_IN]


@pytest.mark.django_db(transaction=True)
def test_check_of_a_stranger_does_not_keep_her_out_of_a_browser_that_she_knows(inspector):
    known, answers = Client(), []
    sign_in(inspector, known)
    known.post("/staff/sign-out/")

    with lanes.STRANGERS.wait_for_turn(inspector.email.upper()):
        for client in (Client(), known):
            run_in_thread(lambda client=client: answers.append(sign_in(inspector, client).status_code)).join()

    assert answers == [503, 302]


@pytest.mark.django_db
def test_refused_try_holds_no_thread_while_it_waits(inspector, settings, monkeypatch):
    """Another request takes the last try between the two looks at the count, so the second look refuses."""
    settings.WRONG_PASSWORDS_PER_PAIR = 1
    held_meanwhile = []
    monkeypatch.setattr(lanes.time, "sleep", lambda _seconds: held_meanwhile.append(list(lanes.STRANGERS._holders)))

    wrong = {"username": inspector.email, "password": "wrong"}
    with act_after_first_read(RateCount, lambda: Client().post(SIGN_IN, wrong)):
        answer = sign_in(inspector, network="127.0.0.1")

    assert (answer.status_code, held_meanwhile) == (429, [[]])


def test_refused_try_waits(settings):
    settings.PASSWORD_REFUSAL_SECONDS = 0.05
    began = time.monotonic()

    lanes.slow_down()

    assert time.monotonic() - began >= 0.05


def test_refused_try_does_not_wait_if_many_do(settings):
    settings.PASSWORD_REFUSAL_SECONDS = 30
    began = time.monotonic()

    with ExitStack() as waiting:
        for _ in range(lanes.THREADS):
            waiting.enter_context(lanes._refused)
        lanes.slow_down()

    assert time.monotonic() - began < 30


def test_web_worker_has_threads_left_for_pages():
    config = gunicorn_settings()

    assert config["threads"] >= 4 * lanes.THREADS + 2
