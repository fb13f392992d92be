"""A walk with fewer officers than it needs: nobody starts it, and nobody leaves a requester alone because of that."""

import datetime

import pytest
from django.core.exceptions import PermissionDenied
from django.urls import reverse
from django.utils import timezone

from bookings.notices.walk_card import WalkCard
from bookings.on_the_day.actions import arrive, end_walk, escort_to_safety, set_off, start_walk, wait_with_requester
from bookings.on_the_day.officer_withdrawal import withdraw_from_walk, withdraw_officer
from bookings.statuses import EventKind, Status
from outbox.models import Message
from outbox.statuses import State
from tests.support.alerts import alerts_of, rows_alerted
from tests.support.factories import OfficerFactory
from tests.support.on_the_day import advance_clock, messages_of_kind, walk_events
from tests.support.requester_pages import create_page_link
from tests.support.staff_addresses import staff_address
from walkandtalk.lib.errors import ActionError, TransitionNotAllowed
from walks.models.walks import Walk
from walks.statuses import WalkStatus

pytestmark = pytest.mark.django_db

FINDING = "We’re finding another officer."


@pytest.fixture
def short_walk(walk_tonight, second_officer):
    """A walk in half an hour that one of its two officers has left."""
    withdraw_from_walk(walk_tonight, by=second_officer)
    Message.objects.all().delete()
    return walk_tonight


# --- Nobody sets off, arrives or starts


@pytest.mark.parametrize("press", [set_off, arrive, start_walk])
def test_a_short_walk_cannot_be_set_off_or_started(press, short_walk, officer):
    with pytest.raises(ActionError, match="1 of the 2 officers it needs"):
        press(short_walk, by=officer)

    short_walk.refresh_from_db()
    assert (short_walk.status, short_walk.set_off_at, short_walk.arrived_at) == (WalkStatus.SCHEDULED, None, None)


@pytest.mark.parametrize("press", [set_off, arrive, start_walk])
def test_a_walk_can_be_started_once_everyone_agreed_to_one_officer(press, short_walk, officer):
    Walk.objects.update(one_officer_agreed_at=timezone.now())

    press(short_walk, by=officer)

    assert short_walk.events.filter(by=officer).exists()


def test_walk_page_offers_only_to_stay_with_her_while_the_walk_is_short(client, walk_tonight, officer, second_officer):
    client.force_login(officer)
    whole = client.get(staff_address("on_the_day:walk", walk_tonight)).text
    withdraw_from_walk(walk_tonight, by=second_officer)

    short = client.get(staff_address("on_the_day:walk", walk_tonight)).text

    normal, alone = ("On my way", "Start the walk"), ("I’m waiting with her", "Seeing her to safety")
    assert [text in whole for text in (*normal, *alone)] == [True, True, False, False]
    assert [text in short for text in (*normal, *alone)] == [False, False, True, True]


# --- Nobody is left alone


@pytest.mark.parametrize(
    ("name", "kind", "said"),
    [
        ("on_the_day:wait_with_requester", EventKind.WAITING_WITH_REQUESTER, "was waiting with the requester"),
        ("on_the_day:escort_to_safety", EventKind.ESCORT_BEGAN, "began to see the requester to safety"),
    ],
)
def test_an_officer_stays_with_her_and_the_team_hears_at_once(client, inspector, short_walk, officer, name, kind, said):
    client.force_login(officer)
    client.post(staff_address(name, short_walk))
    client.post(staff_address(name, short_walk))
    client.force_login(inspector)

    (alert,) = alerts_of(client, "officer_alone")

    message = messages_of_kind("team_officer_with_requester").get()
    assert walk_events(short_walk)[1:] == [(kind, officer)]
    assert message.recipient == short_walk.bcu.inbox
    assert f"{officer.display_name} {said}" in message.text
    assert alert.is_now
    assert alert.phone == short_walk.duty_number
    assert officer.display_name in alert.about


def test_the_queue_shows_an_officer_alone_until_there_are_enough(
    client, inspector, short_walk, officer, second_officer
):
    wait_with_requester(short_walk, by=officer)
    with advance_clock(200):  # long after the planned end
        client.force_login(inspector)
        assert rows_alerted(client, "officer_alone") == [str(short_walk.pk)]
        short_walk.assignments.filter(officer=second_officer).update(is_live=True)

        assert rows_alerted(client, "officer_alone") == []


@pytest.mark.parametrize("press", [wait_with_requester, escort_to_safety])
def test_staying_with_her_is_for_officers_of_a_short_walk_around_its_time(press, short_walk, officer, second_officer):
    with pytest.raises(PermissionDenied):
        press(short_walk, by=second_officer)  # has left the walk
    with advance_clock(-60), pytest.raises(ActionError, match="from an hour before"):
        press(short_walk, by=officer)
    short_walk.assignments.update(is_live=True)
    with pytest.raises(ActionError, match="only on a walk with too few officers"):
        press(short_walk, by=officer)
    Walk.objects.update(status=WalkStatus.COMPLETED)
    with pytest.raises(TransitionNotAllowed, match="ended safely"):
        press(short_walk, by=officer)


def test_an_officer_ends_the_walk_after_seeing_her_to_safety(short_walk, tonight, officer):
    with pytest.raises(TransitionNotAllowed):
        end_walk(short_walk, by=officer)
    escort_to_safety(short_walk, by=officer)

    end_walk(short_walk, by=officer)

    tonight.refresh_from_db()
    assert (short_walk.status, tonight.status) == (WalkStatus.COMPLETED, Status.COMPLETED)


# --- What the requester reads


def test_her_card_names_who_comes_now_and_says_that_another_is_looked_for(client, short_walk, tonight, team):
    remaining, gone = team

    page = client.get(create_page_link(tonight)).text

    (line,) = [line for line in WalkCard.of(tonight).lines() if line.name == "officers"]
    assert remaining.name in page
    assert gone.name not in page
    assert line.text.startswith(f"{remaining.display_name} ({short_walk.bcu.team_name}). {FINDING}")


def test_her_page_and_message_take_back_that_they_are_on_their_way(
    client, tonight, walk_tonight, officer, second_officer
):
    set_off(walk_tonight, by=officer)
    page = create_page_link(tonight)
    assert "They’re on their way" in client.get(page).text

    withdraw_from_walk(walk_tonight, by=second_officer)

    text = client.get(page).text
    assert "They’re on their way" not in text
    assert FINDING in text
    assert f"An officer can’t come. {FINDING}" in messages_of_kind("changed").get().text
    assert messages_of_kind("officers_set_off").get().state == State.SUPERSEDED


def test_her_page_never_says_that_a_short_walk_is_on_its_way(client, tonight, walk_tonight, officer, second_officer):
    """The officer is deactivated without the action that takes her off her walks."""
    set_off(walk_tonight, by=officer)
    second_officer.is_active = False
    second_officer.save()

    text = client.get(create_page_link(tonight)).text

    assert "They’re on their way" not in text
    assert f"<strong>{FINDING}" in text


def test_a_deactivated_officer_leaves_a_walk_that_has_begun(client, inspector, walk_tonight, tonight, second_officer):
    with advance_clock(35):
        second_officer.is_active = False
        second_officer.save()

        withdraw_officer(second_officer, by=inspector)

        assert messages_of_kind("team_officer_cut_off").count() == 1
        assert second_officer.name not in client.get(create_page_link(tonight)).text
        assert list(Walk.objects.short_of_officers(timezone.now())) == [walk_tonight]
    assert list(Walk.objects.short_of_officers(timezone.now() + datetime.timedelta(hours=3))) == []


def test_an_officer_taken_off_the_list_keeps_a_walk_that_has_begun(inspector, walk_tonight, second_officer):
    with advance_clock(35):
        second_officer.leads_walks = False
        second_officer.save()

        assert withdraw_officer(second_officer, by=inspector) == []

    assert second_officer in walk_tonight.live_officers()


def test_a_walk_under_way_that_becomes_short_is_on_the_queue(client, inspector, walk_tonight, team, bcu):
    start_walk(walk_tonight, by=team[0])
    team[1].is_active = False
    team[1].save()
    client.force_login(inspector)

    (alert,) = alerts_of(client, "short")

    assert alert.about.startswith("1 of 2 can make it.")
    assert alert.href == reverse("on_the_day:walk", args=[walk_tonight.pk])


def test_three_officers_of_whom_one_leaves_are_still_coming(
    client, tonight, walk_tonight, officer, second_officer, bcu
):
    third = OfficerFactory(bcu=bcu)
    walk_tonight.assignments.create(officer=third, period=walk_tonight.period())
    withdraw_from_walk(walk_tonight, by=third)

    set_off(walk_tonight, by=officer)

    assert "They’re on their way" in client.get(create_page_link(tonight)).text
