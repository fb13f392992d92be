"""An inspector's answer to a requester who asks for other times."""

import datetime

import pytest
from django.core.exceptions import PermissionDenied

from bookings.scheduling.preferred_times.actions import decline_change_request, request_other_times
from bookings.statuses import EventKind, Status
from outbox.models import Message
from tests.support.booking_history import event_kinds
from tests.support.decisions import change_now
from tests.support.factories import confirmed_adjustments, in_days, scheduled_booking
from tests.support.preferred_times import PLACE, make_preferred_time_request
from tests.support.requester_pages import create_page_link
from walkandtalk.lib import london
from walkandtalk.lib.errors import TransitionNotAllowed
from walks.planning.plans import WalkDetails

pytestmark = pytest.mark.django_db


def test_booking_page_shows_old_and_new_preferred_times(client, inspector, booking_with_new_times):
    client.force_login(inspector)

    text = client.get(f"/staff/bookings/{booking_with_new_times.pk}/").text

    for preferred_time in booking_with_new_times.preferred_times.all():
        assert preferred_time.in_short in text
    assert PLACE in text
    assert "Peckham Rye station, main entrance" in text
    assert "Keep as it is" in text


def test_change_page_begins_with_the_requested_time(client, inspector, booking_with_new_times):
    client.force_login(inspector)

    form = client.get(
        f"/staff/walks/{booking_with_new_times.walk.pk}/change/?preferred_time=2&of={booking_with_new_times.pk}"
    ).context["form"]

    assert form.initial["date"] == london.today() + datetime.timedelta(days=15)
    assert form.initial["start"] == datetime.time(12)
    assert form.initial["meeting_place"] == PLACE


@pytest.mark.parametrize("query", ["", "?preferred_time=2", "?preferred_time=9&of={}", "?preferred_time=x&of=y"])
def test_change_page_without_a_chosen_time_begins_with_the_walk(query, client, inspector, booking_with_new_times):
    client.force_login(inspector)

    form = client.get(
        f"/staff/walks/{booking_with_new_times.walk.pk}/change/{query.format(booking_with_new_times.pk)}"
    ).context["form"]

    assert form.initial["date"] == booking_with_new_times.walk.date


def test_change_walk_to_another_time_closes_the_change_request(booking_with_new_times, inspector, team, plan):
    moved = WalkDetails(**{**vars(plan), "start_at": in_days(14, 12, 0)})

    change_now(
        booking_with_new_times.walk,
        inspector,
        plan=moved,
        officers=team,
        arranged=confirmed_adjustments(booking_with_new_times),
    )

    booking_with_new_times.refresh_from_db()
    assert not booking_with_new_times.has_open_change_request
    assert booking_with_new_times.answered_at is not None
    assert booking_with_new_times.walk_needed_at == moved.start_at


def test_change_walk_to_other_officers_leaves_the_change_request_open(booking_with_new_times, inspector, officer, plan):
    same = WalkDetails(**{**vars(plan), "start_at": booking_with_new_times.walk.start_at})
    booking_with_new_times.bcu.min_officers = 1
    booking_with_new_times.bcu.save()

    change_now(
        booking_with_new_times.walk,
        inspector,
        plan=same,
        officers=[officer],
        arranged=confirmed_adjustments(booking_with_new_times),
    )

    booking_with_new_times.refresh_from_db()
    assert booking_with_new_times.has_open_change_request
    assert booking_with_new_times.answered_at is None


def test_decline_change_sends_the_card_with_the_inspectors_note(client, booking_with_new_times, inspector):
    client.force_login(inspector)
    answer = {"version": booking_with_new_times.version, "words": "Nobody is free that week. Would Monday do?"}

    response = client.post(f"/staff/bookings/{booking_with_new_times.pk}/plan-stands/", answer)

    booking_with_new_times.refresh_from_db()
    message = Message.objects.order_by("number").last()
    page = client.get(create_page_link(booking_with_new_times)).text
    assert response.status_code == 302
    assert event_kinds(booking_with_new_times) == [EventKind.CHANGE_REQUESTED, EventKind.CHANGE_DECLINED]
    assert (
        booking_with_new_times.has_open_change_request,
        booking_with_new_times.status,
        booking_with_new_times.walk_needed_at,
    ) == (
        False,
        Status.SCHEDULED,
        booking_with_new_times.walk.start_at,
    )
    assert booking_with_new_times.answered_at is not None
    assert message.text.startswith("Hello Maya Example. Your walk stays as it is.")
    assert "we can’t do the times you asked for" in page
    for text in (message.text, page):
        assert "Nobody is free that week. Would Monday do?" in text
        assert "green lantern" in text
    assert message.subject.startswith("As before: your walk")


def test_declined_change_disappears_from_the_page_after_newer_news(client, booking_with_new_times, inspector):
    decline_change_request(
        booking_with_new_times, by=inspector, version=booking_with_new_times.version, message="Nobody is free."
    )

    request_other_times(booking_with_new_times, preferred_time=make_preferred_time_request(18))

    assert "Nobody is free." not in client.get(create_page_link(booking_with_new_times)).text


def test_decline_change_refused_to_a_stranger_and_after_newer_times(booking_with_new_times, inspector, stranger):
    version = booking_with_new_times.version
    with pytest.raises(PermissionDenied):
        decline_change_request(booking_with_new_times, by=stranger, version=version, message="No.")
    request_other_times(booking_with_new_times, preferred_time=make_preferred_time_request(18))

    with pytest.raises(TransitionNotAllowed):
        decline_change_request(booking_with_new_times, by=inspector, version=version, message="No.")

    assert event_kinds(booking_with_new_times) == [EventKind.CHANGE_REQUESTED] * 2


def test_change_page_of_a_shared_walk_says_how_many_would_move(client, inspector, team, booking_with_new_times):
    scheduled_booking(team, walk=booking_with_new_times.walk, borough=booking_with_new_times.borough)
    client.force_login(inspector)

    text = client.get(f"/staff/walks/{booking_with_new_times.walk.pk}/change/").text

    assert "2 women share this walk. The change is for all of them." in text
