"""Officers are free for another walk once theirs has really ended, and the gap after it has passed."""

import datetime

import pytest
from django.utils import timezone

from bookings.on_the_day.actions import cut_walk_short, end_walk, start_walk
from bookings.on_the_day.jobs import free_officers_of_ended_walks
from bookings.scheduling.schedule.actions import Schedule, schedule_booking
from bookings.statuses import Whereabouts
from tests.support.factories import BookingFactory, WalkFactory
from tests.support.on_the_day import advance_clock, minutes
from walkandtalk.lib import london
from walks.locks import OfficerNotAvailable
from walks.planning.availability import TeamAvailability
from walks.planning.plans import WalkDetails

pytestmark = pytest.mark.django_db


@pytest.fixture
def noon(time_machine):
    """Midday, so that no walk of the test passes midnight."""
    time_machine.move_to(london.to_instant(london.today() + datetime.timedelta(days=1), datetime.time(12)), tick=False)


@pytest.fixture
def walk_at_noon(noon, walk_tonight, team):
    """A walk from 12:30pm to 1:30pm, started at 12:05pm, with a gap of 30 minutes."""
    with advance_clock(5):
        start_walk(walk_tonight, by=team[0])
    return walk_tonight


def is_free_in(officer, number, walk):
    """Return whether the officer is free for a walk that begins in so many minutes."""
    start = timezone.now() + minutes(number)
    wanted = WalkFactory.build(bcu=walk.bcu, start_at=start).period()
    return TeamAvailability.load([officer], start.date(), start.date()).is_free(officer.pk, wanted)


def schedule_in(number, *, borough, team, by):
    plan = WalkDetails(
        start_at=timezone.now() + minutes(number),
        minutes=60,
        meeting_place="Nunhead station",
        finish_place="Back at the start",
        duty_number="020 7946 0101",
    )
    booking = BookingFactory(borough=borough)
    return schedule_booking(booking, Schedule(plan=plan, officers=team), by=by, version=booking.version)


def test_officers_of_a_walk_that_ended_early_are_free_after_the_gap(walk_at_noon, southwark, team, inspector):
    with advance_clock(50):  # 40 minutes before the planned end
        end_walk(walk_at_noon, by=team[0])
        assert not is_free_in(team[0], 30, walk_at_noon)
    with advance_clock(55):  # nobody can undo it any more
        free_officers_of_ended_walks(timezone.now())

        assert not is_free_in(team[0], 24, walk_at_noon)
        assert is_free_in(team[0], 25, walk_at_noon)
        assert schedule_in(25, borough=southwark, team=team, by=inspector).live_officers() == team


@pytest.mark.parametrize("late", [100, 130])
def test_officers_of_a_walk_that_runs_over_are_not_free(late, walk_at_noon, southwark, team, inspector):
    with advance_clock(late):  # the planned end was after 90 minutes, the end of the gap after 120
        assert not is_free_in(team[0], 29, walk_at_noon)
        with pytest.raises(OfficerNotAvailable):
            schedule_in(29, borough=southwark, team=team, by=inspector)


def test_officers_of_a_walk_that_ended_late_are_free_after_the_gap(walk_at_noon, southwark, team, inspector):
    with advance_clock(130):
        end_walk(walk_at_noon, by=team[0])

        assert not is_free_in(team[0], 29, walk_at_noon)
        with pytest.raises(OfficerNotAvailable):
            schedule_in(29, borough=southwark, team=team, by=inspector)
        schedule_in(30, borough=southwark, team=team, by=inspector)


def test_a_late_end_never_clashes_with_the_next_walk(walk_at_noon, bcu, team):
    following = WalkFactory(bcu=bcu, officers=team, start_at=walk_at_noon.start_at + minutes(90))
    with advance_clock(125):
        end_walk(walk_at_noon, by=team[0])

    uppers = {assignment.period.upper for assignment in walk_at_noon.assignments.all()}
    assert uppers == {following.start_at}


def test_a_walk_ended_before_its_planned_start_keeps_nobody_busy(noon, walk_tonight, team):
    walk_tonight.start_at = timezone.now() + minutes(59)
    walk_tonight.save()
    start_walk(walk_tonight, by=team[0])
    with advance_clock(5):
        end_walk(walk_tonight, by=team[0])
    with advance_clock(10):
        free_officers_of_ended_walks(timezone.now())

        assert is_free_in(team[0], 55, walk_tonight)
    assert {assignment.period.upper for assignment in walk_tonight.assignments.all()} == {
        walk_tonight.start_at + minutes(1)
    }


def test_officers_who_were_called_away_are_free_after_the_gap(walk_at_noon, team):
    with advance_clock(50):
        cut_walk_short(walk_at_noon, by=team[0], where=Whereabouts.AT_HOME)

        assert is_free_in(team[0], 30, walk_at_noon)
