"""While `INDEX_KEY` has two keys, what was saved with either is found, and counts as the same (docs/keys.md)."""

import datetime

import pytest
from django.db import transaction
from django.utils import timezone

from accounts.limits import RateLimit
from accounts.models import PasswordLink, RateCount
from figures.models.followers import FollowedArea, Follower
from figures.models.snapshots import Snapshot
from figures.snapshots.jobs import make_snapshots
from tests.support.concurrency import run_concurrently
from tests.support.factories import BookingFactory
from walkandtalk.lib import tokens

pytestmark = pytest.mark.django_db
LIMIT = RateLimit("a key", datetime.timedelta(minutes=1), 3)
BEFORE, AFTER = "older,newer", "newer,older"


@pytest.fixture(autouse=True)
def only_the_older_key(settings):
    settings.INDEX_KEY = "older"


def test_uses_before_and_after_count_towards_one_limit(settings, time_machine):
    time_machine.move_to("2026-11-30 12:00:10", tick=False)
    now = timezone.now()
    limit = lambda: RateLimit(LIMIT.key, LIMIT.window, LIMIT.limit)  # noqa: E731  # as each request makes it
    assert RateCount.objects.take([limit()], now=now) == []
    assert RateCount.objects.increment_all(it=limit()) == []
    settings.INDEX_KEY = AFTER

    assert RateCount.objects.take([limit()], now=now) == []

    assert RateCount.objects.find_reached([limit()], now=now) == [LIMIT]
    assert RateCount.objects.take([limit()], now=now) == [LIMIT]
    assert RateCount.objects.increment_all(it=limit()) == ["it"]
    assert RateCount.objects.current_count(LIMIT.key, window=LIMIT.window) == 4
    assert RateCount.objects.count_within(LIMIT.key, within=LIMIT.window) == 4


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize(("holder", "other"), [("older", BEFORE), (BEFORE, AFTER), (AFTER, "newer")])
def test_processes_that_start_again_one_by_one_lock_the_same(settings, holder, other):
    def try_lock():
        with transaction.atomic():
            return RateCount.objects.try_lock_key("an address")

    settings.INDEX_KEY = holder
    with transaction.atomic():
        RateCount.objects.lock_key("an address")
        settings.INDEX_KEY = other
        assert run_concurrently(try_lock) == [False]
    assert run_concurrently(try_lock) == [True]


@pytest.mark.parametrize("setting", [BEFORE, AFTER])
def test_an_address_follows_once(settings, setting):
    first = Follower.objects.add("maya@example.com")
    confirming = FollowedArea.objects.ask(first, "southwark", now=timezone.now())
    settings.INDEX_KEY = setting

    again = Follower.objects.add(" Maya@example.com")

    assert (again, again.token) == (first, first.token)
    assert again.email_hmac == tokens.index_hmac("maya@example.com")
    assert Follower.objects.opened_by(first.token) == first
    assert FollowedArea.objects.to_be_confirmed_by(confirming, now=timezone.now()).follower == first


def test_a_link_to_choose_a_password_still_works(settings, officer):
    tomorrow = timezone.now() + datetime.timedelta(days=1)
    token = PasswordLink.objects.create_token(officer, PasswordLink.Purpose.RESET, expires_at=tomorrow)
    settings.INDEX_KEY = AFTER

    assert PasswordLink.objects.find(*tokens.token_hmacs(token), now=timezone.now()).officer == officer


def test_no_snapshot_is_made_while_a_woman_could_count_as_two(settings, southwark, time_machine):
    contact = BookingFactory(borough=southwark).contact
    settings.INDEX_KEY = AFTER
    in_a_year = timezone.now() + datetime.timedelta(days=365)
    time_machine.move_to(in_a_year, tick=False)

    make_snapshots(in_a_year)
    assert not Snapshot.objects.exists()

    contact.email_hmac = tokens.index_hmac(contact.email)
    contact.save()
    make_snapshots(in_a_year)
    assert Snapshot.objects.exists()
