"""An inspector's answer to a requester who asks for other times."""

import datetime

import pytest
from django.core.exceptions import PermissionDenied

from bookings.scheduling.preferred_times.actions import change_wish, keep_plan
from bookings.scheduling.schedule.actions import change_walk
from bookings.statuses import EventKind, Status
from outbox.models import Message
from tests.support.booking_history import event_kinds
from tests.support.factories import in_days, needs_hold, scheduled_booking
from tests.support.new_wishes import PLACE, make_new_wish
from tests.support.requester_pages import create_page_link
from walkandtalk.lib import london
from walkandtalk.lib.errors import MoveNotAllowed
from walks.planning.plans import WalkPlan

pytestmark = pytest.mark.django_db


def test_booking_page_shows_old_and_new_wishes(client, inspector, asking_again):
    client.force_login(inspector)

    text = client.get(f"/staff/bookings/{asking_again.pk}/").text

    for wish in asking_again.wishes.all():
        assert str(wish) in text
    assert PLACE in text
    assert "Peckham Rye station, main entrance" in text
    assert "The plan stands" in text


def test_change_page_takes_the_time_that_she_asked_for(client, inspector, asking_again):
    client.force_login(inspector)

    form = client.get(f"/staff/walks/{asking_again.walk.pk}/change/?wish=2&of={asking_again.pk}").context["form"]

    assert form.initial["date"] == london.today() + datetime.timedelta(days=15)
    assert form.initial["start"] == datetime.time(12)
    assert form.initial["meeting_place"] == PLACE


@pytest.mark.parametrize("query", ["", "?wish=2", "?wish=9&of={}", "?wish=x&of=y"])
def test_change_page_begins_with_the_plan_where_no_wish_was_chosen(query, client, inspector, asking_again):
    client.force_login(inspector)

    form = client.get(f"/staff/walks/{asking_again.walk.pk}/change/{query.format(asking_again.pk)}").context["form"]

    assert form.initial["date"] == asking_again.walk.date


def test_change_walk_to_another_time_answers_her(asking_again, inspector, team, plan):
    moved = WalkPlan(**{**vars(plan), "start_at": in_days(14, 12, 0)})

    change_walk(
        asking_again.walk, by=inspector, version=1, plan=moved, officers=team, arranged=needs_hold(asking_again)
    )

    asking_again.refresh_from_db()
    assert not asking_again.asks_again
    assert asking_again.answered_at is not None
    assert asking_again.needed_at == moved.start_at


def test_change_walk_to_other_officers_answers_nothing(asking_again, inspector, officer, plan):
    same = WalkPlan(**{**vars(plan), "start_at": asking_again.walk.start_at})
    asking_again.bcu.min_officers = 1
    asking_again.bcu.save()

    change_walk(
        asking_again.walk, by=inspector, version=1, plan=same, officers=[officer], arranged=needs_hold(asking_again)
    )

    asking_again.refresh_from_db()
    assert asking_again.asks_again
    assert asking_again.answered_at is None


def test_plan_stands_is_told_kindly_with_the_card(client, asking_again, inspector):
    client.force_login(inspector)
    answer = {"version": asking_again.version, "words": "Nobody is free that week. Would Monday do?"}

    response = client.post(f"/staff/bookings/{asking_again.pk}/plan-stands/", answer)

    asking_again.refresh_from_db()
    told = Message.objects.order_by("number").last()
    page = client.get(create_page_link(asking_again)).text
    assert response.status_code == 302
    assert event_kinds(asking_again) == [EventKind.ASKED_AGAIN, EventKind.PLAN_STANDS]
    assert (asking_again.asks_again, asking_again.status, asking_again.needed_at) == (
        False,
        Status.SCHEDULED,
        asking_again.walk.start_at,
    )
    assert asking_again.answered_at is not None
    for text in (told.text, page):
        assert "Thank you for telling us which times suit you better." in text
        assert "Nobody is free that week. Would Monday do?" in text
        assert "green lantern" in text
    assert told.subject.startswith("As before: your walk")


def test_plan_stands_is_forgotten_on_her_page_with_the_next_news(client, asking_again, inspector):
    keep_plan(asking_again, by=inspector, version=asking_again.version, words="Nobody is free.")

    change_wish(asking_again, wish=make_new_wish(18))

    assert "Nobody is free." not in client.get(create_page_link(asking_again)).text


def test_plan_stands_is_refused_to_a_stranger_and_after_another_wish(asking_again, inspector, stranger):
    version = asking_again.version
    with pytest.raises(PermissionDenied):
        keep_plan(asking_again, by=stranger, version=version, words="No.")
    change_wish(asking_again, wish=make_new_wish(18))

    with pytest.raises(MoveNotAllowed):
        keep_plan(asking_again, by=inspector, version=version, words="No.")

    assert event_kinds(asking_again) == [EventKind.ASKED_AGAIN] * 2


def test_walks_of_several_women_say_who_else_would_move(client, inspector, team, asking_again):
    scheduled_booking(team, walk=asking_again.walk, borough=asking_again.borough)
    client.force_login(inspector)

    text = client.get(f"/staff/walks/{asking_again.walk.pk}/change/").text

    assert "2 women share this walk. A change moves all of them." in text
