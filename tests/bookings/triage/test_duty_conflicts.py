"""A walk of an officer with leave or another duty is red for its inspector, with a task, until that is solved."""

import datetime

import pytest
from django.urls import reverse

from tests.support.alerts import alerts_of
from tests.support.decisions import change_now
from tests.support.duties import make_duty_entry
from tests.support.factories import OfficerFactory, WalkFactory, confirmed_adjustments, in_days, scheduled_booking
from tests.support.query_counts import count_queries
from walks.duties import actions
from walks.planning.duty_conflicts import find_duty_conflicts
from walks.statuses import DutyKind

pytestmark = pytest.mark.django_db

QUEUE = "/staff/bookings/?state=open"
LATE, NIGHT = ((datetime.time(start), datetime.time(end)) for start, end in ((14, 22), (22, 6)))
ALL_DAY = (datetime.time(0), datetime.time(23, 59))


@pytest.fixture
def on_leave(booked, officer, inspector):
    """A booking with a walk in ten days, on which one officer is on leave."""
    set_day(officer, booked.walk.date, DutyKind.LEAVE, by=inspector)
    return booked


def set_day(officer, date, kind, times=None, *, by):
    actions.set_duty_days([make_duty_entry(officer, date, kind, times)], by=by)


def task(officer):
    return f"{officer.display_name} is on leave on the day of this walk: assign another officer"


def flag(officer):
    return f"{officer.rank_title} {officer.name} is on leave"


def pages_of(booking):
    walk, day = booking.walk, booking.walk.date
    return {
        "queue": QUEUE,
        "booking": reverse("triage:booking", args=[booking.pk]),
        "walk": reverse("on_the_day:walk", args=[walk.pk]),
        "walks": reverse("on_the_day:walks"),
        "calendar": f"{reverse('staff_calendar:calendar')}?day={day}",
        "day sheet": reverse("staff_calendar:day", args=[day]),
    }


def test_every_page_of_the_inspector_is_red(as_inspector, on_leave, officer):
    texts = {name: as_inspector.get(page).text for name, page in pages_of(on_leave).items()}

    assert [name for name, text in texts.items() if flag(officer) not in text] == []
    assert [name for name, text in texts.items() if task(officer) in text] == ["walk"]
    assert {
        name: count for name, page in pages_of(on_leave).items() if (count := count_queries(as_inspector, page)) > 15
    } == {}
    (alert,) = alerts_of(as_inspector, "off_duty")
    assert alert.about == f"{officer.display_name} is on leave."
    assert alert.href == reverse("scheduling:change_walk", args=[on_leave.walk.pk])


def test_the_task_ends_when_another_officer_is_assigned(as_inspector, inspector, on_leave, team, bcu, plan):
    replacement = OfficerFactory(bcu=bcu)
    change_now(
        on_leave.walk, inspector, plan=plan, officers=[replacement, team[1]], arranged=confirmed_adjustments(on_leave)
    )

    assert "on leave" not in as_inspector.get(QUEUE).text


def test_the_task_ends_when_the_day_is_corrected(as_inspector, inspector, on_leave, officer):
    set_day(officer, on_leave.walk.date, None, by=inspector)

    assert "on leave" not in as_inspector.get(QUEUE).text


def test_colleagues_on_the_walk_do_not_read_who_is_on_leave(client, on_leave, officer, second_officer):
    client.force_login(second_officer)
    pages = {name: page for name, page in pages_of(on_leave).items() if name not in ("queue", "booking")}

    texts = [client.get(page).text for page in pages.values()]

    assert not any("on leave" in text for text in texts)
    assert any(officer.name in text for text in texts)


def test_the_queue_of_another_bcu_has_no_task(client, stranger, on_leave):
    client.force_login(stranger)

    assert "on leave" not in client.get(QUEUE).text


@pytest.mark.parametrize(
    ("kind", "times", "reason"),
    [
        (DutyKind.OFF, None, "not on duty"),
        (DutyKind.ON, (datetime.time(7), datetime.time(15)), "on duty at another time"),
        (DutyKind.ON, LATE, None),
    ],
)
def test_duty_of_the_day_decides(kind, times, reason, booked, officer, inspector):
    set_day(officer, booked.walk.date, kind, times, by=inspector)

    found = find_duty_conflicts([booked.walk])

    assert [conflict.reason for conflicts in found.values() for conflict in conflicts] == ([reason] if reason else [])


def test_a_night_duty_of_the_day_before_covers_a_walk_on_a_day_off(bcu, officer, inspector):
    walk = WalkFactory(bcu=bcu, officers=[officer], start_at=in_days(10, hour=4))
    set_day(officer, walk.date - datetime.timedelta(days=1), DutyKind.ON, NIGHT, by=inspector)
    set_day(officer, walk.date, DutyKind.OFF, by=inspector)

    assert find_duty_conflicts([walk]) == {}


def another_weekday(walk):
    return {(walk.date.weekday() + 1) % 7: LATE}


def test_a_weekly_pattern_entered_over_a_walk_makes_a_task(as_inspector, booked, officer, inspector):
    actions.set_weekly_duty(officer, by=inspector, week=another_weekday(booked.walk))

    (conflict,) = find_duty_conflicts([booked.walk])[booked.walk.pk]
    assert conflict.reason == "not on duty"
    assert conflict.task in as_inspector.get(pages_of(booked)["walk"]).text
    assert [alert.about for alert in alerts_of(as_inspector, "off_duty")] == [f"{officer.display_name} is not on duty."]


def test_the_task_ends_when_the_weekly_pattern_is_corrected(booked, officer, inspector):
    actions.set_weekly_duty(officer, by=inspector, week=another_weekday(booked.walk))
    actions.set_weekly_duty(officer, by=inspector, week={booked.walk.date.weekday(): ALL_DAY})

    assert find_duty_conflicts([booked.walk]) == {}


def test_an_officer_assigned_against_her_weekly_pattern_is_no_task(bcu, officer, inspector):
    date = in_days(10)
    actions.set_weekly_duty(officer, by=inspector, week={(date.weekday() + 1) % 7: LATE})
    walk = WalkFactory(bcu=bcu, officers=[officer], start_at=date)

    assert find_duty_conflicts([walk]) == {}


def test_the_queue_takes_the_same_queries_for_three_conflicts_as_for_one(
    as_inspector, on_leave, officer, inspector, southwark, team
):
    one = count_queries(as_inspector, QUEUE)
    for days in (11, 12):
        booking = scheduled_booking(
            team, borough=southwark, walk=WalkFactory(bcu=southwark.bcu, officers=team, start_at=in_days(days))
        )
        set_day(officer, booking.walk.date, DutyKind.LEAVE, by=inspector)

    assert count_queries(as_inspector, QUEUE) == one
