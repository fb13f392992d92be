"""A requester who does not come to her walk."""

import pytest
from django.core.exceptions import PermissionDenied
from django.utils import timezone

from bookings.on_the_day.actions import NoShow, end_walk, record_late_arrival, record_no_show, start_walk
from bookings.on_the_day.jobs import close_walks
from bookings.read_log import reveal_phone
from bookings.statuses import CallOutcome, EventKind, Status
from outbox.statuses import State
from tests.support.decisions import schedule_now
from tests.support.factories import OfficerFactory, WalkFactory, scheduled_booking
from tests.support.on_the_day import advance_clock, messages_of_kind, minutes, record_requester_absent
from tests.support.staff_addresses import staff_address
from walkandtalk.lib import london
from walkandtalk.lib.errors import ActionError, TransitionNotAllowed
from walks.models.walks import Walk
from walks.statuses import WalkStatus

pytestmark = pytest.mark.django_db


def test_no_show_refused_before_ten_minutes(client, walk_tonight, tonight, officer):
    with advance_clock(39):
        client.force_login(officer)
        response = client.post(
            staff_address("on_the_day:record_no_show", walk_tonight, tonight),
            {"waited_minutes": "10", "call_outcome": "no_answer"},
        )

    tonight.refresh_from_db()
    assert response.status_code == 409
    assert f"Wait until {london.clock(walk_tonight.start_at + minutes(10))}" in response.text
    assert tonight.status == Status.SCHEDULED


def test_officer_who_says_that_she_rang_and_nobody_comes_has_opened_the_number(walk_tonight, tonight, officer, team):
    not_coming = NoShow(waited_minutes=10, call_outcome=CallOutcome.NOT_COMING)
    reveal_phone(tonight, by=next(colleague for colleague in team if colleague != officer))

    with advance_clock(40):
        with pytest.raises(ActionError, match="Show her number first"):
            record_no_show(tonight, not_coming, by=officer)
        reveal_phone(tonight, by=officer)
        record_no_show(tonight, not_coming, by=officer)

    assert [event.code for event in tonight.events.all()] == ["not_coming"]


def test_no_show_message_waits_for_the_end_of_the_walk(walk_tonight, tonight, officer):
    with advance_clock(40):
        record_requester_absent(tonight, officer)

    message = messages_of_kind("requester_absent").get()
    event = tonight.events.get()
    assert (tonight.status, event.kind, event.by, event.code) == (
        Status.REQUESTER_ABSENT,
        EventKind.REQUESTER_ABSENT,
        officer,
        "no_answer",
    )
    assert event.note == "Waited 10 minutes. Rang her? Yes, and she didn’t answer."
    assert message.send_after == walk_tonight.end_at
    assert walk_tonight.status == WalkStatus.SCHEDULED


def test_late_arrival_supersedes_the_no_show_message(client, walk_tonight, tonight, officer):
    with advance_clock(45):
        record_requester_absent(tonight, officer)
        client.force_login(officer)
        page = client.get(staff_address("on_the_day:walk", walk_tonight)).text
        client.post(staff_address("on_the_day:record_late_arrival", walk_tonight, tonight))
        started = client.post(staff_address("on_the_day:start_walk", walk_tonight), follow=True)

    tonight.refresh_from_db()
    assert "She came late" in page
    assert "Walk started" in started.text
    assert tonight.status == Status.SCHEDULED
    assert messages_of_kind("requester_absent").get().state == State.SUPERSEDED


def test_late_arrival_refused_after_the_end(walk_tonight, tonight, officer):
    with advance_clock(45):
        record_requester_absent(tonight, officer)

    with advance_clock(91), pytest.raises(TransitionNotAllowed, match="This walk has ended"):
        record_late_arrival(tonight, by=officer)


def test_no_show_cannot_be_scheduled_again(walk_tonight, tonight, officer, inspector, plan, team):
    with advance_clock(45):
        record_requester_absent(tonight, officer)

    with pytest.raises(TransitionNotAllowed, match="can’t schedule a walk"):
        schedule_now(tonight, inspector, plan=plan, officers=team)


def test_no_show_refused_once_the_walk_has_started_with_one_requester(walk_tonight, tonight, officer):
    with advance_clock(45):
        start_walk(walk_tonight, by=officer)

        with pytest.raises(TransitionNotAllowed, match="can’t be a no-show"):
            record_requester_absent(tonight, officer)


def test_no_show_on_a_shared_walk_leaves_the_others(walk_tonight, tonight, southwark, team):
    other_booking = scheduled_booking(team, borough=southwark, walk=walk_tonight)
    with advance_clock(45):
        start_walk(walk_tonight, by=team[0])
        record_requester_absent(tonight, team[0])
        end_walk(walk_tonight, by=team[0])

    tonight.refresh_from_db()
    other_booking.refresh_from_db()
    assert (tonight.status, other_booking.status) == (Status.REQUESTER_ABSENT, Status.COMPLETED)


@pytest.mark.parametrize("officer_type", ["inspector", "another"])
def test_no_show_refused_to_other_officers(officer_type, walk_tonight, tonight, bcu, request):
    by = OfficerFactory(bcu=bcu) if officer_type == "another" else request.getfixturevalue(officer_type)

    with advance_clock(45), pytest.raises(PermissionDenied):
        record_requester_absent(tonight, by)


def test_close_walks_closes_only_past_walks_without_bookings(walk_tonight, tonight, officer, southwark, team, bcu):
    later = WalkFactory(bcu=bcu, officers=team, start_at=timezone.now() + minutes(200))
    forgotten_to_press = WalkFactory(bcu=bcu, start_at=timezone.now() - minutes(120))
    scheduled_booking(team, borough=southwark, walk=forgotten_to_press)
    with advance_clock(45):
        record_requester_absent(tonight, officer)
        close_walks(timezone.now())
    previous_status = Walk.objects.get(pk=walk_tonight.pk).status

    with advance_clock(91):
        for _ in range(2):
            close_walks(timezone.now())

    statuses = {row.pk: row.status for row in Walk.objects.all()}
    assert previous_status == WalkStatus.SCHEDULED
    assert statuses == {
        walk_tonight.pk: WalkStatus.NOT_HELD,
        later.pk: WalkStatus.SCHEDULED,
        forgotten_to_press.pk: WalkStatus.SCHEDULED,
    }
    assert walk_tonight.events.filter(kind=EventKind.NO_BOOKINGS_LEFT).count() == 1
