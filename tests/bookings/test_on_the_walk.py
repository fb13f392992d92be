"""The evening of the walk, as its officers press it, and what an inspector says of it afterwards."""

import datetime

import pytest
import time_machine
from django.core.exceptions import PermissionDenied
from django.urls import reverse
from django.utils import timezone

from bookings import actions
from bookings.jobs import close_walks
from bookings.models import Link, Walk
from bookings.statuses import EventKind, RangHer, Status, WalkStatus, Whereabouts
from outbox.models import Message, State
from tests.support.factories import OfficerFactory, WalkFactory, scheduled_booking
from walkandtalk.lib import london

pytestmark = pytest.mark.django_db


def minutes(number):
    return datetime.timedelta(minutes=number)


@pytest.fixture
def tonight(southwark, team):
    """Her booking, for a walk of an hour that starts in half an hour."""
    walk = WalkFactory(bcu=southwark.bcu, officers=team, start_at=timezone.now() + minutes(30))
    return scheduled_booking(team, borough=southwark, walk=walk)


@pytest.fixture
def walk(tonight):
    return tonight.walk


def after(number):
    """Travel that many minutes on."""
    return time_machine.travel(timezone.now() + minutes(number))


def address(name, *rows):
    return reverse(f"staff:{name}", args=[row.pk for row in rows])


def page_of(booking):
    expires_at = timezone.now() + datetime.timedelta(days=30)
    return reverse("my_walk:page", args=[Link.objects.mint(booking, Link.Purpose.PAGE, expires_at=expires_at)])


def messages_of(kind):
    return Message.objects.filter(kind=kind)


def presses(walk):
    return [(event.kind, event.by) for event in walk.events.all()]


# --- On my way, here -------------------------------------------------------------------------------------------------


def test_on_my_way_stands_on_her_page_and_in_one_message(client, walk, tonight, team):
    for officer in (*team, team[0]):
        client.force_login(officer)
        client.post(address("set_off", walk))

    walk.refresh_from_db()
    message = messages_of("set_off").get()
    assert presses(walk) == [(EventKind.SET_OFF, officer) for officer in team]
    assert f"They are on their way, {london.clock(walk.set_off_at)}." in client.get(page_of(tonight)).text
    assert f"They set off at {london.clock(walk.set_off_at)}." in message.text
    assert message.expires_at == walk.start_at + minutes(10)


def test_here_stands_on_her_page_and_in_no_message(client, walk, tonight, officer):
    client.force_login(officer)

    client.post(address("arrive", walk))

    walk.refresh_from_db()
    since = f"They are at the meeting place, since {london.clock(walk.arrived_at)}."
    assert since in client.get(page_of(tonight)).text
    assert not Message.objects.exists()


@pytest.mark.parametrize("press", [actions.set_off, actions.arrive])
def test_setting_off_is_for_the_hour_before_and_for_a_walk_to_come(press, walk, officer):
    Walk.objects.update(start_at=timezone.now() + minutes(61))
    with pytest.raises(actions.BookingError, match="an hour before"):
        press(walk, by=officer)
    Walk.objects.update(start_at=timezone.now(), status=WalkStatus.UNDER_WAY)
    with pytest.raises(actions.MoveNotAllowed, match="under way"):
        press(walk, by=officer)

    assert not walk.events.exists()


@pytest.mark.parametrize("press", [actions.set_off, actions.arrive])
def test_setting_off_is_for_its_officers_alone(press, walk, bcu, inspector):
    for other in (inspector, OfficerFactory(bcu=bcu)):
        with pytest.raises(PermissionDenied):
            press(walk, by=other)


def test_an_officer_who_leaves_takes_back_that_they_are_on_their_way(client, walk, tonight, team):
    actions.set_off(walk, by=team[0])

    actions.leave_walk(walk, by=team[0])

    assert "on their way" not in client.get(page_of(tonight)).text


# --- She is not here -------------------------------------------------------------------------------------------------


def miss(booking, by):
    actions.miss_her(booking, by=by, waited=10, rang=RangHer.NO_ANSWER)


def test_not_there_is_refused_before_she_has_had_ten_minutes(client, walk, tonight, officer):
    with after(39):
        client.force_login(officer)
        response = client.post(address("not_there", walk, tonight), {"waited": "10", "rang": "no_answer"})

    tonight.refresh_from_db()
    assert response.status_code == 409
    assert f"Wait until {london.clock(walk.start_at + minutes(10))}" in response.text
    assert tonight.status == Status.SCHEDULED


def test_not_there_tells_her_when_the_time_of_the_walk_is_over(walk, tonight, officer):
    with after(40):
        miss(tonight, officer)

    message = messages_of("missed_by_her").get()
    event = tonight.events.get()
    assert (tonight.status, event.kind, event.by, event.code) == (
        Status.MISSED_BY_HER,
        EventKind.NOT_THERE,
        officer,
        "no_answer",
    )
    assert event.note == "Waited 10 minutes. Rang her? Yes, and she did not answer."
    assert message.send_after == walk.end_at
    assert walk.status == WalkStatus.SCHEDULED


def test_she_came_after_all_and_hears_nothing_of_having_been_missed(client, walk, tonight, officer):
    with after(45):
        miss(tonight, officer)
        client.force_login(officer)
        shown = client.get(address("walk", walk)).text
        client.post(address("came", walk, tonight))
        started = client.post(address("start", walk), follow=True)

    tonight.refresh_from_db()
    assert "She came after all" in shown
    assert "Walk started" in started.text
    assert tonight.status == Status.SCHEDULED
    assert messages_of("missed_by_her").get().state == State.SUPERSEDED


def test_she_cannot_come_after_all_once_the_walk_is_over(walk, tonight, officer):
    with after(45):
        miss(tonight, officer)

    with after(91), pytest.raises(actions.MoveNotAllowed, match="over"):
        actions.come_after_all(tonight, by=officer)


def test_she_was_missed_is_no_way_to_another_walk(walk, tonight, officer, inspector, plan, team):
    with after(45):
        miss(tonight, officer)

    with pytest.raises(actions.MoveNotAllowed, match="cannot be given a walk"):
        actions.schedule_booking(tonight, by=inspector, version=tonight.version, plan=plan, officers=team)


def test_not_there_of_a_walk_that_started_with_her_alone_is_refused(walk, tonight, officer):
    with after(45):
        actions.start_walk(walk, by=officer)

        with pytest.raises(actions.MoveNotAllowed, match="so she was there"):
            miss(tonight, officer)


def test_on_a_group_walk_one_woman_may_be_missed_and_the_other_walks(walk, tonight, southwark, team):
    other = scheduled_booking(team, borough=southwark, walk=walk)
    with after(45):
        actions.start_walk(walk, by=team[0])
        miss(tonight, team[0])
        actions.end_walk(walk, by=team[0])

    tonight.refresh_from_db()
    other.refresh_from_db()
    assert (tonight.status, other.status) == (Status.MISSED_BY_HER, Status.COMPLETED)


@pytest.mark.parametrize("who", ["inspector", "another"])
def test_not_there_is_for_its_officers_alone(who, walk, tonight, bcu, request):
    by = OfficerFactory(bcu=bcu) if who == "another" else request.getfixturevalue(who)

    with after(45), pytest.raises(PermissionDenied):
        miss(tonight, by)


def test_clock_closes_a_walk_that_nobody_is_left_on_and_no_other(walk, tonight, officer, southwark, team, bcu):
    later = WalkFactory(bcu=bcu, officers=team, start_at=timezone.now() + minutes(200))
    forgotten_to_press = WalkFactory(bcu=bcu, start_at=timezone.now() - minutes(120))
    scheduled_booking(team, borough=southwark, walk=forgotten_to_press)
    with after(45):
        miss(tonight, officer)
        close_walks(timezone.now())
    before = Walk.objects.get(pk=walk.pk).status

    with after(91):
        for _ in range(2):
            close_walks(timezone.now())

    statuses = {row.pk: row.status for row in Walk.objects.all()}
    assert before == WalkStatus.SCHEDULED
    assert statuses == {
        walk.pk: WalkStatus.NOT_HELD,
        later.pk: WalkStatus.SCHEDULED,
        forgotten_to_press.pk: WalkStatus.SCHEDULED,
    }
    assert walk.events.filter(kind=EventKind.NOBODY_LEFT).count() == 1


# --- Called away -----------------------------------------------------------------------------------------------------


def test_called_away_puts_her_first_in_line(client, walk, tonight, officer, inspector):
    with after(50):
        actions.start_walk(walk, by=officer)
        client.force_login(officer)
        response = client.post(address("called_away", walk), {"where": "alone"}, follow=True)
        client.force_login(inspector)
        queue = client.get(reverse("staff:bookings"))
        hers = client.get(page_of(tonight)).text

    walk.refresh_from_db()
    tonight.refresh_from_db()
    assert walk.status == WalkStatus.CUT_SHORT
    assert (tonight.status, tonight.walk, tonight.cut_short_walk) == (Status.WAITING, None, walk)
    assert tonight.answered_at is None
    assert queue.context["rows"][0].booking == tonight
    assert "Walk cut short: first in line" in queue.text
    assert 'Now ring <a class="govuk-notification-banner__link" href="tel:02079460101">' in response.text
    assert "You are first in line" in hers


def test_called_away_tells_her_and_the_team_where_she_was_left(walk, tonight, officer):
    with after(50):
        actions.call_away(walk, by=officer, where=Whereabouts.NOT_MET)

    team, hers = messages_of("team_called_away").get(), messages_of("called_away").get()
    assert "We have not met her" in team.text
    assert "ring her now" in team.text
    assert "You are first in line" in hers.text
    assert tonight.events.get().code == Whereabouts.NOT_MET


def test_called_away_twice_is_once(walk, tonight, team):
    with after(50):
        for officer in team:
            actions.call_away(walk, by=officer, where=Whereabouts.WITH_US)

    assert presses(walk) == [(EventKind.CALLED_AWAY, team[0])]
    assert messages_of("called_away").count() == 1


def test_called_away_asks_where_she_is(client, walk, officer):
    with after(50):
        client.force_login(officer)
        response = client.post(address("called_away", walk))

    walk.refresh_from_db()
    assert response.status_code == 422
    assert "Choose where she is now" in response.text
    assert walk.status == WalkStatus.SCHEDULED


def test_called_away_before_the_start_is_not_offered(client, walk, officer):
    client.force_login(officer)

    assert client.get(address("called_away", walk)).status_code == 302
    assert client.post(address("called_away", walk), {"where": "alone"}).status_code == 409


def test_her_officers_may_still_ring_her_once_they_were_called_away(client, walk, tonight, officer):
    with after(50):
        actions.call_away(walk, by=officer, where=Whereabouts.ALONE)
        client.force_login(officer)
        response = client.post(address("phone", walk, tonight))

    assert "07700 900123" in response.text


def test_she_who_was_cut_off_is_on_the_list_until_somebody_reached_her(walk, tonight, officer, inspector):
    with after(50):
        actions.call_away(walk, by=officer, where=Whereabouts.ALONE)
    tonight.refresh_from_db()
    before = tonight.has_to_be_reached

    actions.reach_booking(tonight, by=inspector, version=tonight.version)

    assert (before, tonight.has_to_be_reached) == (True, False)


def test_next_walk_of_one_that_was_cut_short_takes_its_place_in_her_calendar(
    walk, tonight, officer, inspector, team, plan
):
    with after(50):
        actions.call_away(walk, by=officer, where=Whereabouts.AT_HOME)
    tonight.refresh_from_db()
    before = tonight.calendar_sequence

    actions.schedule_booking(tonight, by=inspector, version=tonight.version, plan=plan, officers=team)

    tonight.refresh_from_db()
    assert tonight.calendar_sequence == before + 1


# --- Afterwards ------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("outcome", "becomes", "kind"),
    [
        (Status.COMPLETED, WalkStatus.COMPLETED, None),
        (Status.MISSED_BY_US, WalkStatus.NOT_HELD, "missed_by_us"),
        (Status.MISSED_BY_HER, WalkStatus.NOT_HELD, "missed_by_her"),
    ],
)
def test_inspector_settles_what_nobody_pressed(outcome, becomes, kind, client, walk, tonight, inspector):
    with after(91):
        client.force_login(inspector)
        response = client.post(
            address("settle", tonight), {"outcome": outcome, "version": tonight.version}, follow=True
        )

    walk.refresh_from_db()
    tonight.refresh_from_db()
    assert response.status_code == 200
    assert (tonight.status, walk.status, walk.ended_at) == (outcome, becomes, walk.end_at)
    assert [message.kind for message in Message.objects.all()] == ([kind] if kind else [])


def test_we_apologise_where_we_were_not_there(client, tonight, inspector):
    with after(91):
        actions.settle_booking(tonight, by=inspector, version=tonight.version, outcome=Status.MISSED_BY_US)
        hers = client.get(page_of(tonight)).text

    text = messages_of("missed_by_us").get().text
    assert "you were there" in text.lower()
    assert "we are sorry" in text
    assert "/tell-us/" in text
    assert "/request/" in text
    assert "We were not there. We are sorry" in hers


@pytest.mark.parametrize("pressed", ["ended", "not there"])
def test_inspector_who_agrees_that_nobody_came_overrules_what_officers_pressed(pressed, walk, tonight, team, inspector):
    with after(45):
        if pressed == "ended":
            actions.start_walk(walk, by=team[0])
            actions.end_walk(walk, by=team[0])
        else:
            miss(tonight, team[0])
        tonight.refresh_from_db()
        assert tonight.may_be_settled_as(timezone.now()) == []
        actions.say_nobody_came(tonight)

        actions.settle_booking(tonight, by=inspector, version=tonight.version, outcome=Status.MISSED_BY_US)

    assert tonight.status == Status.MISSED_BY_US


def test_nothing_is_settled_before_the_walk_is_over(client, tonight, inspector):
    client.force_login(inspector)

    assert client.get(address("settle", tonight)).status_code == 302
    with pytest.raises(actions.MoveNotAllowed):
        actions.settle_booking(tonight, by=inspector, version=tonight.version, outcome=Status.COMPLETED)


def test_settling_is_not_for_officers_or_strangers(tonight, officer, stranger):
    for by in (officer, stranger):
        with after(91), pytest.raises(PermissionDenied):
            actions.settle_booking(tonight, by=by, version=tonight.version, outcome=Status.COMPLETED)


# --- The phrase, to show ---------------------------------------------------------------------------------------------


def test_phrase_stands_alone_on_its_page(client, walk, officer):
    client.force_login(officer)

    text = client.get(address("phrase", walk)).text

    assert "green lantern" in text
    assert "silver river" not in text
    assert "Maya" not in text


def test_phrase_is_shut_before_and_after_the_walk(client, walk, officer):
    client.force_login(officer)
    Walk.objects.update(start_at=timezone.now() + datetime.timedelta(hours=49))

    assert client.get(address("phrase", walk)).status_code == 403


# --- Forgetting ------------------------------------------------------------------------------------------------------


def test_a_walk_that_was_cut_short_is_forgotten_with_her(walk, tonight, officer):
    with after(50):
        actions.call_away(walk, by=officer, where=Whereabouts.AT_HOME)
    tonight.refresh_from_db()
    actions.cancel_booking_by_her(tonight)

    actions.forget_booking(tonight)

    walk.refresh_from_db()
    assert (walk.meeting_place, walk.phrase_they) == ("", "")
