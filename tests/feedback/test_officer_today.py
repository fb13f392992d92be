"""An officer begins with her next walk, what to do on it, and the notes that she has to write."""

import datetime

import pytest
import time_machine
from django.utils import timezone

from bookings.statuses import Status
from feedback.officer_today import next_step
from tests.support.factories import WalkFactory, in_days, scheduled_booking
from tests.support.feedback_factories import make_completed_booking
from tests.support.query_counts import count_queries
from tests.support.walk_notes import add_walk_note
from walks.statuses import WalkStatus

pytestmark = pytest.mark.django_db

PAGE = "/staff/today/officer/"


@pytest.fixture
def client(client, officer):
    client.force_login(officer)
    return client


@pytest.fixture
def team(officer, second_officer):
    return [officer, second_officer]


def make_walk(team, *, start_at, place="Peckham Rye station", **fields):
    walk = WalkFactory(bcu=team[0].bcu, officers=team, start_at=start_at, meeting_place=place, **fields)
    scheduled_booking(team, walk=walk)
    return walk


def test_start_page_of_an_officer_is_today(client):
    assert client.get("/staff/").headers["Location"] == PAGE


def test_next_walk_comes_first_and_the_others_follow(client, team):
    later = make_walk(team, start_at=in_days(3), place="Nunhead station")
    first = make_walk(team, start_at=in_days(2))
    make_walk(team[1:], start_at=in_days(1), place="Oval station")

    response = client.get(PAGE)

    assert response.context["next"] == first
    assert [walk for walk, _flags in response.context["following"]] == [later]
    assert "Peckham Rye station" in response.text
    assert "Oval station" not in response.text


@pytest.mark.parametrize(
    ("starts_in", "fields", "words"),
    [
        (datetime.timedelta(days=3), {}, "You can see her name and what she needs from"),
        (datetime.timedelta(hours=5), {}, "Read what she needs, and the phrase"),
        (datetime.timedelta(minutes=50), {}, "press “On my way”"),
        (datetime.timedelta(minutes=50), {"set_off_at": True}, "Press “I’m here”"),
        (datetime.timedelta(minutes=5), {"set_off_at": True, "arrived_at": True}, "press “Start the walk”"),
        (datetime.timedelta(minutes=-5), {"status": WalkStatus.UNDER_WAY}, "press “Ended safely”"),
    ],
)
def test_next_step_uses_the_words_of_the_buttons(starts_in, fields, words, team):
    now = timezone.now()
    times = {name: now if value is True else value for name, value in fields.items()}
    walk = WalkFactory(bcu=team[0].bcu, officers=team, start_at=now + starts_in, **times)

    assert words.lower() in next_step(walk, now).lower()


def test_next_step_of_a_walk_with_too_few_officers(officer):
    walk = WalkFactory(bcu=officer.bcu, officers=[officer], start_at=in_days(1))

    assert "Too few officers" in next_step(walk, timezone.now())


def test_notes_to_write_are_those_of_her_walks_that_nobody_has_written(client, team, officer):
    noted = make_completed_booking(team, start_at=in_days(-1))
    waiting = make_completed_booking(team, start_at=in_days(-2))
    make_completed_booking(team, start_at=in_days(-9))
    make_completed_booking(team[1:], start_at=in_days(-3))
    absent = make_completed_booking(team, start_at=in_days(-4))
    absent.status = Status.REQUESTER_ABSENT
    absent.save()
    add_walk_note(noted, team[1], words="Fine.")

    response = client.get(PAGE)

    assert list(response.context["notes"]) == [waiting.walk]
    assert f"/staff/walks/{waiting.walk.pk}/note/" in response.text


def test_idle_session_shows_only_walks_that_she_can_act_on(client, team):
    now = timezone.now()
    make_completed_booking(team, start_at=now - datetime.timedelta(days=1))
    make_walk(team, start_at=now + datetime.timedelta(days=2), place="Nunhead station")
    soon = make_walk(team, start_at=now + datetime.timedelta(minutes=70))
    client.get(PAGE)

    with time_machine.travel(now + datetime.timedelta(minutes=40), tick=False):
        response = client.get(PAGE)

    assert response.context["next"] == soon
    assert response.context["following"] == []
    assert response.context["notes"] == []


def test_page_takes_no_more_queries_for_more_walks(client, team):
    for days in (2, -2):
        make_walk(team, start_at=in_days(2)) if days > 0 else make_completed_booking(team, start_at=in_days(days))
    one = count_queries(client, PAGE)
    for days in (3, 4):
        make_walk(team, start_at=in_days(days))
        make_completed_booking(team, start_at=in_days(-days))

    assert count_queries(client, PAGE) == one <= 15


def test_page_without_walks_says_what_to_do(client):
    assert "When an inspector gives you a walk, it appears here" in client.get(PAGE).text
