"""Few passwords are checked at once, so that a flood of sign-ins leaves the pages quick."""

import runpy
import time
from contextlib import ExitStack, contextmanager

import pytest
from django.conf import settings
from django.db import transaction
from django.test import Client

from accounts.models import RateCount, SecurityEvent
from accounts.models import SecurityEventKind as Kind
from accounts.password_tries import lanes
from tests.support.concurrency import run_in_thread
from tests.support.counting_hasher import CountingHasher
from tests.support.factories import PASSWORD
from tests.support.lock_waits import press_while_locked

SIGN_IN = "/staff/sign-in/"


@pytest.fixture
def hashed(settings):
    settings.PASSWORD_HASHERS = ["tests.support.counting_hasher.CountingHasher"]
    CountingHasher.hashed.clear()
    return CountingHasher.hashed


@contextmanager
def full_lane():
    """Hold every thread that strangers may hold."""
    with ExitStack() as taken:
        for _ in range(lanes.THREADS):
            taken.enter_context(lanes.STRANGERS.hold_thread())
        yield


def sign_in(officer, client=None):
    return (client or Client()).post(SIGN_IN, {"username": officer.email, "password": PASSWORD})


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
    config = runpy.run_path(str(settings.BASE_DIR / "gunicorn.conf.py"))

    assert config["threads"] >= 3 * lanes.THREADS + 2
