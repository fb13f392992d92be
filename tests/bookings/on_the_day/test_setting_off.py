"""Officers on their way to a walk, and the phrase that they show there."""

import datetime

import pytest
from django.core.exceptions import PermissionDenied
from django.utils import timezone

from bookings.on_the_day.actions import arrive, set_off
from bookings.on_the_day.officer_withdrawal import withdraw_from_walk
from bookings.statuses import EventKind
from outbox.models import Message
from tests.support.factories import OfficerFactory
from tests.support.on_the_day import messages_of_kind, minutes, walk_events
from tests.support.requester_pages import create_page_link
from tests.support.staff_addresses import staff_address
from walkandtalk.lib import london
from walkandtalk.lib.errors import ActionError, TransitionNotAllowed
from walks.models.walks import Walk
from walks.statuses import WalkStatus

pytestmark = pytest.mark.django_db


# --- On the way


def test_set_off_shows_on_the_page_and_sends_one_message(client, walk_tonight, tonight, team):
    for officer in (*team, team[0]):
        client.force_login(officer)
        client.post(staff_address("on_the_day:set_off", walk_tonight))

    walk_tonight.refresh_from_db()
    message = messages_of_kind("officers_set_off").get()
    assert walk_events(walk_tonight) == [(EventKind.SET_OFF, officer) for officer in team]
    assert (
        f"They’re on their way. They set off at {london.clock(walk_tonight.set_off_at)}."
        in client.get(create_page_link(tonight)).text
    )
    assert f"They set off at {london.clock(walk_tonight.set_off_at)}." in message.text
    assert message.expires_at == walk_tonight.start_at + minutes(10)


def test_arrive_shows_on_the_page_without_a_message(client, walk_tonight, tonight, officer):
    client.force_login(officer)

    client.post(staff_address("on_the_day:arrive", walk_tonight))

    walk_tonight.refresh_from_db()
    since = f"They’ve been at the meeting place since {london.clock(walk_tonight.arrived_at)}."
    assert since in client.get(create_page_link(tonight)).text
    assert not Message.objects.exists()


@pytest.mark.parametrize("press", [set_off, arrive])
def test_set_off_and_arrive_need_a_scheduled_walk_within_the_hour(press, walk_tonight, officer):
    Walk.objects.update(start_at=timezone.now() + minutes(61))
    with pytest.raises(ActionError, match="an hour before"):
        press(walk_tonight, by=officer)
    Walk.objects.update(start_at=timezone.now(), status=WalkStatus.UNDER_WAY)
    with pytest.raises(TransitionNotAllowed, match="under way"):
        press(walk_tonight, by=officer)

    assert not walk_tonight.events.exists()


@pytest.mark.parametrize("press", [set_off, arrive])
def test_set_off_and_arrive_refused_to_other_officers(press, walk_tonight, bcu, inspector):
    for other_officer in (inspector, OfficerFactory(bcu=bcu)):
        with pytest.raises(PermissionDenied):
            press(walk_tonight, by=other_officer)


def test_removing_an_officer_resets_set_off(client, walk_tonight, tonight, team):
    set_off(walk_tonight, by=team[0])

    withdraw_from_walk(walk_tonight, by=team[0])

    assert "on their way" not in client.get(create_page_link(tonight)).text


# --- The phrase


def test_phrase_page_shows_the_phrase_only(client, walk_tonight, officer):
    client.force_login(officer)

    text = client.get(staff_address("on_the_day:phrase", walk_tonight)).text

    assert "green lantern" in text
    assert "silver river" not in text
    assert "Maya" not in text


def test_phrase_page_is_closed_outside_the_time_around_the_walk(client, walk_tonight, officer):
    client.force_login(officer)
    Walk.objects.update(start_at=timezone.now() + datetime.timedelta(hours=49))

    assert client.get(staff_address("on_the_day:phrase", walk_tonight)).status_code == 403
