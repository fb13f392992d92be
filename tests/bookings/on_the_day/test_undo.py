"""Officers undo “Start the walk” and “Ended safely” for five minutes."""

import datetime

import pytest
from django.core.exceptions import PermissionDenied
from django.utils import timezone

from bookings.on_the_day.actions import cut_walk_short, end_walk, escort_to_safety, start_walk
from bookings.on_the_day.jobs import free_officers_of_ended_walks, send_on_the_day_alerts
from bookings.on_the_day.outcomes.actions import record_outcome
from bookings.on_the_day.undo import undo_end, undo_start
from bookings.statuses import EventKind, Status, Whereabouts
from feedback.jobs import send_report_invitations
from outbox.models import Message
from tests.support.concurrency import run_concurrently
from tests.support.factories import OfficerFactory, WalkFactory, scheduled_booking
from tests.support.on_the_day import advance_clock, messages_of_kind, record_requester_absent, walk_events
from tests.support.staff_addresses import staff_address
from walkandtalk.lib import london
from walkandtalk.lib.errors import ActionError, TransitionNotAllowed
from walks.models.walks import Walk
from walks.statuses import WalkStatus

pytestmark = pytest.mark.django_db


@pytest.fixture
def walk(walk_tonight, tonight):
    return walk_tonight


@pytest.fixture
def started_walk(walk, team):
    start_walk(walk, by=team[0])
    return walk


@pytest.fixture
def ended_walk(started_walk, team):
    with advance_clock(1):
        end_walk(started_walk, by=team[0])
    return started_walk


def undo(walk, by, action=undo_end):
    action(walk, by=by, until=walk.undo_until)


def state_of(walk, *bookings):
    return [type(row).objects.get(pk=row.pk).status for row in (walk, *bookings)]


def busy_until(walk):
    (upper,) = {assignment.period.upper for assignment in walk.assignments.filter(is_live=True)}
    return upper


def overdue_alerts_after(number):
    with advance_clock(number):
        send_on_the_day_alerts(timezone.now())
    return messages_of_kind("team_end_overdue").count()


def test_undo_start_makes_the_walk_scheduled_again(started_walk, tonight, team):
    with advance_clock(4):
        undo(started_walk, team[1], undo_start)

    assert state_of(started_walk, tonight) == [WalkStatus.SCHEDULED, Status.SCHEDULED]
    assert (started_walk.started_at, started_walk.undo_until) == (None, None)
    assert walk_events(started_walk) == [(EventKind.STARTED, team[0]), (EventKind.START_UNDONE, team[1])]


def test_undo_end_makes_walk_and_bookings_what_they_were(ended_walk, tonight, team):
    with advance_clock(5):
        undo(ended_walk, team[1])

    assert state_of(ended_walk, tonight) == [WalkStatus.UNDER_WAY, Status.SCHEDULED]
    assert ended_walk.ended_at is None
    assert tonight.events.last().kind == EventKind.END_UNDONE
    assert tonight.events.last().by == team[1]


@pytest.mark.parametrize("order", [[undo_start], [undo_end], [undo_end, undo_start]])
def test_a_walk_goes_on_after_every_undo(order, ended_walk, started_walk, tonight, team):
    if order == [undo_start]:
        undo(ended_walk, team[0])
        order = [undo_start]
    for action in order:
        undo(ended_walk, team[0], action)

    start_walk(ended_walk, by=team[1])
    end_walk(ended_walk, by=team[1])

    assert state_of(ended_walk, tonight) == [WalkStatus.COMPLETED, Status.COMPLETED]


def test_undo_start_is_possible_for_its_own_five_minutes_after_an_undone_end(ended_walk, team):
    undo(ended_walk, team[0])
    start_until = ended_walk.started_at + datetime.timedelta(minutes=5)

    assert ended_walk.undo_until == start_until
    with advance_clock(6), pytest.raises(ActionError, match="You could undo this until"):
        undo(ended_walk, team[0], undo_start)


@pytest.mark.parametrize(("fixture", "action"), [("started_walk", undo_start), ("ended_walk", undo_end)])
def test_undo_too_late_is_refused_with_a_sentence(fixture, action, team, request):
    walk = request.getfixturevalue(fixture)
    status = walk.status

    with advance_clock(7), pytest.raises(ActionError) as refused:
        undo(walk, team[0], action)

    assert str(refused.value) == (
        f"You could undo this until {london.clock(walk.undo_until)}. Ring the duty number, 020 7946 0101, and say what "
        "has happened."
    )
    assert state_of(walk) == [status]


def test_undo_by_somebody_who_is_not_on_the_walk_is_refused(ended_walk, bcu):
    with pytest.raises(PermissionDenied):
        undo(ended_walk, OfficerFactory(bcu=bcu))


def test_undo_of_a_press_that_was_undone_changes_nothing(ended_walk, tonight, team):
    until = ended_walk.undo_until
    with advance_clock(2):
        undo_end(ended_walk, by=team[0], until=until)

        undo_end(ended_walk, by=team[1], until=until)

    assert [kind for kind, _by in walk_events(ended_walk)].count(EventKind.END_UNDONE) == 1
    assert state_of(ended_walk, tonight) == [WalkStatus.UNDER_WAY, Status.SCHEDULED]


def test_undo_never_undoes_a_later_press(started_walk, team):
    first_until = started_walk.undo_until
    with advance_clock(1):
        undo(started_walk, team[0], undo_start)
    with advance_clock(2):
        start_walk(started_walk, by=team[0])

    undo_start(started_walk, by=team[1], until=first_until)

    assert state_of(started_walk) == [WalkStatus.UNDER_WAY]


@pytest.mark.parametrize("until", ["start", None])
def test_undo_after_another_button_is_refused(until, started_walk, team):
    shown = started_walk.undo_until if until == "start" else None
    cut_walk_short(started_walk, by=team[0], where=Whereabouts.AT_HOME)

    with pytest.raises(TransitionNotAllowed, match="another button"):
        undo_start(started_walk, by=team[1], until=shown)


@pytest.mark.django_db(transaction=True)
def test_both_officers_undo_at_once(ended_walk, team):
    until = ended_walk.undo_until
    presses = [
        lambda officer=officer: undo_end(Walk.objects.get(pk=ended_walk.pk), by=officer, until=until)
        for officer in team
    ]
    with advance_clock(2):
        run_concurrently(*presses)

    assert state_of(ended_walk) == [WalkStatus.UNDER_WAY]
    assert [kind for kind, _by in walk_events(ended_walk)].count(EventKind.END_UNDONE) == 1


def test_undo_leaves_a_no_show_on_the_same_walk_alone(walk, team, southwark, tonight):
    absent = scheduled_booking(team, borough=southwark, walk=walk)
    Walk.objects.filter(pk=walk.pk).update(start_at=timezone.now() - datetime.timedelta(minutes=20))
    walk.refresh_from_db()
    start_walk(walk, by=team[0])
    record_requester_absent(absent, by=team[0])
    end_walk(walk, by=team[0])

    undo(walk, team[0])

    assert state_of(walk, tonight, absent) == [WalkStatus.UNDER_WAY, Status.SCHEDULED, Status.REQUESTER_ABSENT]


def test_undo_of_a_second_end_leaves_alone_what_only_the_first_ended(walk, team, southwark, tonight):
    absent = scheduled_booking(team, borough=southwark, walk=walk)
    Walk.objects.filter(pk=walk.pk).update(start_at=timezone.now() - datetime.timedelta(minutes=20))
    walk.refresh_from_db()
    start_walk(walk, by=team[0])
    end_walk(walk, by=team[0])
    with advance_clock(1):
        undo(walk, team[0])
        absent.refresh_from_db()
        record_requester_absent(absent, by=team[0])
    with advance_clock(2):
        end_walk(walk, by=team[0])

        undo(walk, team[0])

    assert state_of(walk, tonight, absent) == [WalkStatus.UNDER_WAY, Status.SCHEDULED, Status.REQUESTER_ABSENT]


def test_undo_refused_once_an_inspector_recorded_another_outcome(ended_walk, tonight, team, inspector):
    tonight.refresh_from_db()
    tonight.acknowledgement.nobody_came_reported_at = timezone.now()
    tonight.acknowledgement.save()
    Walk.objects.update(start_at=timezone.now() - datetime.timedelta(minutes=60))
    record_outcome(tonight, by=inspector, version=tonight.version, outcome=Status.OFFICERS_ABSENT)

    with pytest.raises(TransitionNotAllowed, match="recorded another outcome"):
        undo(ended_walk, team[0])


def test_undo_keeps_what_the_requester_acknowledged_and_the_consent_to_one_officer(ended_walk, tonight, team):
    tonight.refresh_from_db()
    tonight.acknowledgement.acknowledged_at = tonight.walk.one_officer_agreed_at = timezone.now()
    tonight.acknowledgement.save()
    tonight.walk.save()

    undo(ended_walk, team[0])

    tonight.refresh_from_db()
    assert tonight.acknowledgement.acknowledged_at is not None
    assert tonight.walk.one_officer_agreed_at is not None


def test_undo_of_an_escort_makes_the_walk_scheduled(walk, tonight, team):
    walk.assignments.filter(officer=team[1]).update(is_live=False)
    walk.refresh_from_db()
    escort_to_safety(walk, by=team[0])
    end_walk(walk, by=team[0])

    undo(walk, team[0])

    assert state_of(walk, tonight) == [WalkStatus.SCHEDULED, Status.SCHEDULED]
    assert walk.may_be_ended


def test_officers_are_busy_as_planned_until_nobody_can_undo(ended_walk, team):
    planned = ended_walk.end_at + datetime.timedelta(minutes=30)
    ended_at = ended_walk.ended_at
    free_officers_of_ended_walks(timezone.now())
    busy = [busy_until(ended_walk)]

    with advance_clock(6):
        for _ in range(2):
            free_officers_of_ended_walks(timezone.now())
    busy.append(busy_until(ended_walk))

    assert busy == [planned, ended_at + datetime.timedelta(minutes=30)]


def test_officers_of_a_walk_that_ended_late_are_never_free_before_nobody_can_undo(started_walk, team, bcu):
    type(bcu).objects.update(gap_minutes=0)
    with advance_clock(300):
        end_walk(Walk.objects.get(pk=started_walk.pk), by=team[0])

    started_walk.refresh_from_db()
    assert busy_until(started_walk) == started_walk.undo_until


def test_officers_are_busy_as_planned_after_an_undone_end(ended_walk, team):
    undo(ended_walk, team[0])
    with advance_clock(10):
        free_officers_of_ended_walks(timezone.now())

    assert busy_until(ended_walk) == ended_walk.end_at + datetime.timedelta(minutes=30)


def test_an_undone_end_alerts_the_team_anew(team, southwark):
    start_at = timezone.now() - datetime.timedelta(minutes=60)
    walk = WalkFactory(bcu=southwark.bcu, officers=team, start_at=start_at, status=WalkStatus.UNDER_WAY)
    scheduled_booking(team, borough=southwark, walk=walk)
    counts = [overdue_alerts_after(number) for number in (31, 46, 47)]

    with advance_clock(48):
        end_walk(walk, by=team[0])
        counts.append(overdue_alerts_after(0))
        undo(walk, team[1])
    counts += [overdue_alerts_after(number) for number in (49, 50)]

    assert counts == [1, 2, 2, 2, 3, 3]


def test_nothing_leaves_for_her_before_nobody_can_undo(ended_walk, team, tonight):
    with advance_clock(4):
        send_report_invitations(timezone.now())
        undo(ended_walk, team[0])
    with advance_clock(24 * 60):
        send_report_invitations(timezone.now())

    assert not Message.objects.filter(kind="report_invitation").exists()


def test_walk_page_offers_undo_while_it_is_possible(client, ended_walk, team):
    client.force_login(team[0])
    address = staff_address("on_the_day:walk", ended_walk)
    page = client.get(address)

    with advance_clock(7):
        client.force_login(team[0])
        later = client.get(address)

    assert f"Undo until {london.clock(ended_walk.undo_until)}" in page.text
    assert "Undo" not in later.text


def test_undo_button_undoes_and_shows_the_walk(client, ended_walk, team):
    client.force_login(team[0])
    response = client.post(
        staff_address("on_the_day:undo_end", ended_walk), {"until": ended_walk.undo_until.isoformat()}, follow=True
    )

    assert state_of(ended_walk) == [WalkStatus.UNDER_WAY]
    assert "The walk hasn’t ended." in response.text


def test_undo_button_too_late_shows_the_sentence_above_the_walk(client, ended_walk, team):
    with advance_clock(8):
        client.force_login(team[0])
        response = client.post(
            staff_address("on_the_day:undo_end", ended_walk), {"until": ended_walk.undo_until.isoformat()}
        )

    assert response.status_code == 409
    assert "You could undo this until" in response.text
