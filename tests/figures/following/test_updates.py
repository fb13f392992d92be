"""The quarterly update: once for each address and quarter, by day, with the newest figures alone."""

import datetime

import pytest
import time_machine

from figures.following.actions import send_update, stop_updates
from figures.following.jobs import send_updates
from figures.models.followers import Follower
from outbox.models import Message
from outbox.statuses import State
from tests.support.concurrency import run_concurrently
from tests.support.discreet_search import everything_in_message, revealing_words
from tests.support.following import links_in, make_follower, neutral
from tests.support.lock_waits import press_while_locked
from tests.support.published import make_snapshot
from walkandtalk.lib import london

Q2, Q3, Q4 = datetime.date(2026, 4, 1), datetime.date(2026, 7, 1), datetime.date(2026, 10, 1)
NOON = london.to_instant(datetime.date(2026, 11, 2), datetime.time(12))


@pytest.fixture(autouse=True)
def at_noon():
    with time_machine.travel(NOON, tick=False):
        yield


def updates():
    return list(Message.objects.filter(kind="follower_update").order_by("number"))


def test_followers_of_several_areas_are_told_once_a_quarter(southwark):
    make_snapshot(Q2)
    make_follower("southwark", "lambeth")
    make_snapshot(Q3)

    for _run in range(2):
        send_updates(NOON)

    (message,) = updates()
    follower = Follower.objects.get()
    assert (message.recipient, follower.told_of) == ("ines@example.com", Q3)
    assert (message.subject, links_in(message)[0]) == ("Your quarterly update", f"/r/updates/{follower.token}/")
    assert revealing_words(everything_in_message(message)) == []


def test_next_quarter_erases_what_the_last_update_said(southwark):
    make_follower()
    for first_day, moment in ((Q3, NOON), (Q4, NOON + datetime.timedelta(days=91))):
        make_snapshot(first_day)
        send_updates(moment)
        Message.objects.filter(state=State.PENDING).update(state=State.SENT, sent_at=moment)

    assert [message.recipient for message in updates()] == ["", "ines@example.com"]


def test_what_was_published_before_is_no_news(southwark):
    make_snapshot(Q2)
    make_snapshot(Q3)
    make_follower()

    send_updates(NOON)

    assert updates() == []


def test_whoever_has_not_confirmed_is_told_nothing(southwark):
    make_follower(confirmed=False)
    make_snapshot(Q3)

    send_updates(NOON)

    assert updates() == []


@pytest.mark.parametrize("hour", [0, 8, 18])
def test_nothing_is_sent_at_night(hour, southwark):
    make_follower()
    make_snapshot(Q3)

    send_updates(london.to_instant(datetime.date(2026, 11, 2), datetime.time(hour)))

    assert updates() == []


def test_link_to_stop_works_in_each_update(southwark):
    make_follower()
    make_snapshot(Q3)
    send_updates(NOON)
    _open, stop = links_in(updates()[0])

    neutral("post", stop)

    assert (Follower.objects.exists(), updates()[0].text) == (False, "")


@pytest.mark.django_db(transaction=True)
def test_two_jobs_at_once_send_one_update(southwark):
    make_follower()
    make_snapshot(Q3)

    run_concurrently(*[lambda: send_updates(NOON)] * 2)

    assert len(updates()) == 1


@pytest.mark.django_db(transaction=True)
def test_update_waits_for_someone_who_stops_and_is_not_sent_then(southwark):
    follower, _token = make_follower()
    snapshot = make_snapshot(Q3)

    press_while_locked(
        lambda: send_update(follower, snapshot, now=NOON),
        lock=lambda: Follower.objects.lock(follower.pk),
        act=lambda: stop_updates(follower),
    )

    assert (Follower.objects.exists(), updates()) == (False, [])
