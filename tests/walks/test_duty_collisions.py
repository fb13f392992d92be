"""Duties entered over a walk are listed before they are saved."""

import datetime

import pytest
from django.urls import reverse

from tests.support.duties import make_duty_entry
from tests.support.factories import WalkFactory, in_days
from walkandtalk.lib import london
from walks.duties import actions
from walks.models.duties import DutyDay, WeeklyDuty
from walks.models.walks import Walk
from walks.statuses import DutyKind, WalkStatus

pytestmark = pytest.mark.django_db

DAY = datetime.timedelta(days=1)
NOT_SAVED = "Nothing is saved yet"
ALL_WEEK = {f"day_{number}": "2pm to 10pm" for number in range(7)}


@pytest.fixture
def walk(bcu, officer):
    """A walk in ten days, at 6:30pm."""
    return WalkFactory(bcu=bcu, officers=[officer], start_at=in_days(10))


@pytest.fixture
def days_page(as_inspector, officer):
    return reverse("walks:duty_days", args=[officer.pk])


@pytest.fixture
def week_page(as_inspector, officer):
    return reverse("walks:weekly_duty", args=[officer.pk])


def day_of(walk, kind, **more):
    date = walk.date
    return {"first_day": date.day, "first_month": date.month, "first_year": date.year, "kind": kind, **more}


@pytest.mark.parametrize(
    ("kind", "more", "reason"),
    [
        ("leave", {}, "on leave"),
        ("off", {}, "not on duty"),
        ("on", {"times": "7am to 3pm"}, "on duty at another time"),
    ],
)
def test_days_over_a_walk_are_saved_only_after_the_walk_was_listed(
    kind, more, reason, as_inspector, days_page, walk, officer
):
    first = as_inspector.post(days_page, day_of(walk, kind, **more))
    saved_at_first = DutyDay.objects.count()
    listed = first.context["form"]["listed"].value()

    second = as_inspector.post(days_page, day_of(walk, kind, **more, listed=listed))

    when = f"{london.long_date(walk.start_at)}, 6:30pm"
    assert f"<strong>{when}</strong>: {officer.display_name} would be {reason}." in first.text
    assert NOT_SAVED in first.text
    assert "Save anyway" in first.text
    assert (saved_at_first, second.status_code, DutyDay.objects.get().kind) == (0, 302, kind)


def test_the_page_carries_what_it_has_listed(as_inspector, days_page, walk, officer):
    first = as_inspector.post(days_page, day_of(walk, "leave"))

    assert f'value="{walk.pk}/{officer.pk}"' in first.text


def test_a_walk_scheduled_since_the_list_was_shown_is_listed_too(as_inspector, days_page, walk, bcu, officer):
    first = as_inspector.post(days_page, day_of(walk, "leave"))
    listed = first.context["form"]["listed"].value()
    WalkFactory(bcu=bcu, officers=[officer], start_at=in_days(10, hour=9))

    second = as_inspector.post(days_page, day_of(walk, "leave", listed=listed))

    assert "9:30am" in second.text
    assert not DutyDay.objects.exists()


@pytest.mark.parametrize(
    "answers",
    [{"kind": "on", "times": "2pm to 10pm"}, {"kind": "on", "times": "6:30pm to 7:30pm"}, {"kind": "week"}],
    ids=["a duty around it", "exactly its time", "not known"],
)
def test_days_that_leave_her_on_duty_are_saved_at_once(answers, as_inspector, days_page, walk):
    assert as_inspector.post(days_page, day_of(walk, **answers)).status_code == 302


@pytest.mark.parametrize("status", [WalkStatus.CANCELLED, WalkStatus.COMPLETED])
def test_a_walk_that_is_over_is_no_collision(status, as_inspector, days_page, walk):
    Walk.objects.update(status=status)

    assert as_inspector.post(days_page, day_of(walk, "leave")).status_code == 302


def test_back_to_a_pattern_without_that_day_is_listed(as_inspector, days_page, walk, officer, inspector):
    actions.set_weekly_duty(officer, by=inspector, week={})
    other_day = {(walk.date + DAY).weekday(): (datetime.time(14), datetime.time(22))}
    actions.set_weekly_duty(officer, by=inspector, week=other_day)
    on = make_duty_entry(officer, walk.date, DutyKind.ON, (datetime.time(14), datetime.time(22)))
    actions.set_duty_days([on], by=inspector)

    response = as_inspector.post(days_page, day_of(walk, "week"))

    assert "would be not on duty" in response.text
    assert DutyDay.objects.count() == 1


def test_a_weekly_pattern_lists_the_walks_that_it_takes_out_of_duty(as_inspector, week_page, walk):
    without = {day: times for day, times in ALL_WEEK.items() if day != f"day_{walk.date.weekday()}"}
    assert as_inspector.post(week_page, ALL_WEEK).status_code == 302

    first = as_inspector.post(week_page, without)
    count_at_first = WeeklyDuty.objects.count()
    second = as_inspector.post(week_page, {**without, "listed": first.context["form"]["listed"].value()})

    assert NOT_SAVED in first.text
    assert (count_at_first, second.status_code, WeeklyDuty.objects.count()) == (7, 302, 6)


def test_a_weekly_pattern_lists_no_walk_that_it_does_not_change(as_inspector, week_page, walk, officer, inspector):
    leave = make_duty_entry(officer, walk.date, DutyKind.LEAVE)
    actions.set_duty_days([leave], by=inspector)

    assert as_inspector.post(week_page, ALL_WEEK).status_code == 302


def test_an_import_over_a_walk_is_saved_only_after_the_walk_was_listed(as_inspector, walk, officer):
    page, text = reverse("walks:import_duties"), f"{officer.shoulder_number}, {walk.date}, leave"

    preview = as_inspector.post(page, {"text": text})
    unlisted = as_inspector.post(page, {"text": text, "save": "yes"})
    count = DutyDay.objects.count()
    saved = as_inspector.post(page, {"text": text, "save": "yes", "listed": f"{walk.pk}/{officer.pk} "})

    for shown in (preview, unlisted):
        assert f"{officer.display_name} would be on leave" in shown.text
        assert "Save anyway" in shown.text
        assert f'value="{walk.pk}/{officer.pk} "' in shown.text
    assert (count, saved.status_code, DutyDay.objects.count()) == (0, 302, 1)
