"""Officers' duties: permission to set them, the pages, and availability."""

import datetime

import pytest
from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, transaction
from django.urls import reverse

from boroughs.models.officers import Officer
from tests.support.duties import make_duty_entry
from tests.support.factories import OfficerFactory, WalkFactory, in_days
from walkandtalk.lib import london
from walks.duties import actions
from walks.models.duties import DutyDay, WeeklyDuty
from walks.planning.availability import Availability, TeamAvailability
from walks.statuses import DutyKind

pytestmark = pytest.mark.django_db

DAY = datetime.timedelta(days=1)
HOUR = datetime.timedelta(hours=1)
EARLY, LATE, NIGHT = ((datetime.time(start), datetime.time(end)) for start, end in ((7, 15), (14, 22), (22, 6)))


def availability(first, last=None):
    return TeamAvailability.load(Officer.objects.all(), first, last or first)


def walk_period(date, hour, hours=1):
    start = london.to_instant(date, datetime.time(hour))
    return start, start + HOUR * hours


@pytest.fixture
def monday():
    today = london.today()
    return today + DAY * (14 - today.weekday())


# --- Availability


def test_duty_without_an_entry_is_unknown(officer, monday):
    assert availability(monday).at(officer.pk, walk_period(monday, 18)) == Availability.UNKNOWN
    assert availability(monday).of(officer.pk, monday).description == "Not known"


@pytest.mark.parametrize(
    ("hour", "expected"),
    [
        (13, Availability.ON_DUTY_AT_ANOTHER_TIME),
        (14, Availability.ON_DUTY),
        (21, Availability.ON_DUTY),
        (22, Availability.ON_DUTY_AT_ANOTHER_TIME),
    ],
)
def test_officer_is_on_duty_only_if_the_duty_covers_the_walk(hour, expected, officer, inspector, monday):
    actions.set_weekly_duty(officer, by=inspector, week={0: LATE})

    assert availability(monday).at(officer.pk, walk_period(monday, hour)) == expected


def test_weekday_missing_from_the_pattern_is_a_day_off(officer, inspector, monday):
    actions.set_weekly_duty(officer, by=inspector, week={0: LATE})

    assert availability(monday).at(officer.pk, walk_period(monday + DAY, 18)) == Availability.OFF


def test_night_duty_lasts_until_the_next_morning(officer, inspector, monday):
    actions.set_weekly_duty(officer, by=inspector, week={0: NIGHT})

    assert availability(monday).at(officer.pk, walk_period(monday + DAY, 4)) == Availability.ON_DUTY
    assert availability(monday).at(officer.pk, walk_period(monday + DAY, 6)) == Availability.OFF


@pytest.mark.parametrize(
    ("kind", "times", "expected"),
    [
        (DutyKind.LEAVE, None, Availability.LEAVE),
        (DutyKind.OFF, None, Availability.OFF),
        (DutyKind.ON, EARLY, Availability.ON_DUTY_AT_ANOTHER_TIME),
    ],
)
def test_single_day_overrides_the_pattern(kind, times, expected, officer, inspector, monday):
    actions.set_weekly_duty(officer, by=inspector, week=dict.fromkeys(range(7), LATE))

    actions.set_duty_days([make_duty_entry(officer, monday, kind, times)], by=inspector)

    assert availability(monday).at(officer.pk, walk_period(monday, 18)) == expected
    assert availability(monday).at(officer.pk, walk_period(monday + DAY, 18)) == Availability.ON_DUTY


@pytest.mark.parametrize(
    ("date", "hours"),
    [(datetime.date(2027, 3, 27), 7), (datetime.date(2026, 10, 24), 9), (datetime.date(2027, 3, 20), 8)],
    ids=["clocks go forward", "clocks go back", "any other night"],
)
def test_night_duty_has_its_real_length_when_the_clocks_change(date, hours, officer, inspector):
    actions.set_duty_days([make_duty_entry(officer, date, DutyKind.ON, NIGHT)], by=inspector)

    start, end = availability(date).of(officer.pk, date).span

    assert (end - start) == HOUR * hours
    assert (london.clock(start), london.clock(end)) == ("10pm", "6am")


def test_duty_can_end_in_an_hour_that_does_not_exist(officer, inspector):
    saturday = datetime.date(2027, 3, 27)
    late = (datetime.time(17), datetime.time(1, 30))
    actions.set_duty_days([make_duty_entry(officer, saturday, DutyKind.ON, late)], by=inspector)

    start, end = availability(saturday).of(officer.pk, saturday).span

    assert end - start == HOUR * 8.5


@pytest.mark.parametrize(("start", "rest"), [(20, 10 * HOUR), (19, None)])
def test_rest_below_eleven_hours_is_returned(start, rest, officer, inspector, monday):
    """The officer walks until 9pm or 8pm, and is on duty at 7am."""
    actions.set_duty_days([make_duty_entry(officer, monday + DAY, DutyKind.ON, EARLY)], by=inspector)

    assert availability(monday).rest(officer.pk, monday, walk_period(monday, start)) == rest


def test_rest_is_counted_from_the_walks_of_the_day_before(officer, bcu, monday):
    WalkFactory(bcu=bcu, officers=[officer], start_at=walk_period(monday, 21)[0], minutes=120)

    assert availability(monday + DAY).rest(officer.pk, monday + DAY, walk_period(monday + DAY, 7)) == 8 * HOUR


def test_two_walks_in_one_evening_need_no_rest_between(officer, bcu, monday):
    WalkFactory(bcu=bcu, officers=[officer], start_at=walk_period(monday, 17)[0])

    assert availability(monday).rest(officer.pk, monday, walk_period(monday, 20)) is None


def test_availability_takes_three_queries_for_any_number_of_officers(bcu, inspector, monday, django_assert_num_queries):
    officers = OfficerFactory.create_batch(4, bcu=bcu)
    for officer in officers:
        actions.set_weekly_duty(officer, by=inspector, week={0: LATE})

    with django_assert_num_queries(3):
        TeamAvailability.load(officers, monday, monday + DAY * 30)


# --- Permission to set duties


def test_duty_is_set_by_the_officer_or_the_inspector(officer, second_officer, stranger, lead, administrator, monday):
    for person in (second_officer, stranger, lead, administrator):
        with pytest.raises(PermissionDenied):
            actions.set_duty_days([make_duty_entry(officer, monday, DutyKind.LEAVE)], by=person)
        with pytest.raises(PermissionDenied):
            actions.set_weekly_duty(officer, by=person, week={0: LATE})

    actions.set_duty_days([make_duty_entry(officer, monday, DutyKind.LEAVE)], by=officer)

    assert (DutyDay.objects.get().set_by, WeeklyDuty.objects.count()) == (officer, 0)


def test_set_duty_days_sets_all_or_none(officer, inspector, camden, monday):
    elsewhere = OfficerFactory(bcu=camden.bcu)
    entries = [make_duty_entry(officer, monday, DutyKind.LEAVE), make_duty_entry(elsewhere, monday, DutyKind.LEAVE)]

    with pytest.raises(PermissionDenied):
        actions.set_duty_days(entries, by=inspector)

    assert not DutyDay.objects.exists()


def test_set_duty_days_replaces_and_removes_entries(officer, inspector, monday):
    actions.set_duty_days([make_duty_entry(officer, monday, DutyKind.LEAVE)], by=inspector)
    actions.set_duty_days([make_duty_entry(officer, monday, DutyKind.ON, EARLY)], by=officer)
    days = [(day.kind, day.start, day.set_by) for day in DutyDay.objects.all()]

    actions.set_duty_days([make_duty_entry(officer, monday, None)], by=inspector)

    assert days == [("on", EARLY[0], officer)]
    assert not DutyDay.objects.exists()


def test_database_allows_one_duty_for_each_officer_and_day(officer, inspector, monday):
    actions.set_duty_days([make_duty_entry(officer, monday, DutyKind.LEAVE)], by=inspector)

    for wrong in ({}, {"date": monday + DAY, "kind": "on"}, {"date": monday + DAY, "start": EARLY[0]}):
        with pytest.raises(IntegrityError), transaction.atomic():
            DutyDay.objects.create(**{"officer": officer, "date": monday, "kind": "off", "set_by": officer, **wrong})


# --- The pages


def parts(name, date):
    return {f"{name}_day": date.day, f"{name}_month": date.month, f"{name}_year": date.year}


def test_duty_page_shows_the_officers_of_the_bcu_who_lead_walks(as_inspector, officer, inspector, camden, bcu, monday):
    OfficerFactory(bcu=camden.bcu, name="Elsewhere")
    OfficerFactory(bcu=bcu, name="Desk", leads_walks=False)
    actions.set_weekly_duty(officer, by=inspector, week={0: LATE})
    WalkFactory(bcu=bcu, officers=[officer], start_at=walk_period(monday, 18)[0])

    response = as_inspector.get(reverse("walks:duties"), {"week": (monday + DAY * 3).isoformat()})

    (row,) = response.context["rows"]
    cell = row.cells[0]
    assert (row.officer, cell.duty.date) == (officer, monday)
    assert (cell.duty.description, cell.walks) == ("2pm to 10pm", ["Walk 6pm"])
    assert response.context["totals"][0] == (monday, 1)


def test_duty_page_takes_no_more_queries_for_more_officers(as_inspector, bcu, inspector, django_assert_max_num_queries):
    for officer in OfficerFactory.create_batch(5, bcu=bcu):
        actions.set_weekly_duty(officer, by=inspector, week={0: LATE})

    with django_assert_max_num_queries(10):
        as_inspector.get(reverse("walks:duties"))


def test_officer_sets_her_own_week_and_days(client, officer, monday):
    client.force_login(officer)

    week = client.post(
        reverse("walks:weekly_duty", args=[officer.pk]), {"day_0": "2pm to 10pm", "day_4": "22:00-06:00"}
    )
    days = client.post(
        reverse("walks:duty_days", args=[officer.pk]),
        {**parts("first", monday), **parts("last", monday + DAY * 2), "kind": "leave"},
    )

    assert (week.status_code, days.status_code) == (302, 302)
    assert {row.weekday: (row.start, row.end) for row in WeeklyDuty.objects.all()} == {0: LATE, 4: NIGHT}
    assert [row.date for row in DutyDay.objects.order_by("date")] == [monday, monday + DAY, monday + DAY * 2]


def test_leave_lists_the_walks_still_assigned_to_the_officer(client, officer, bcu):
    walk = WalkFactory(bcu=bcu, officers=[officer], start_at=in_days(10))
    client.force_login(officer)

    page, leave = reverse("walks:duty_days", args=[officer.pk]), {**parts("first", walk.date), "kind": "leave"}

    first = client.post(page, leave)
    response = client.post(page, {**leave, "listed": first.context["form"]["listed"].value()}, follow=True)

    assert f"{officer.display_name} is still on these walks, until an inspector replaces her" in response.text
    assert f"{london.long_date(walk.date)}, 6:30pm" in response.text


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("seven", "Monday must have a start and an end, like 7am to 3pm"),
        ("7 to 3", "Monday: “7” must say am or pm, like 6:30pm"),
        ("7am to 7am", "Monday must start and end at different times"),
        ("7am to 25:00", "Monday: “25:00” must be a time, like 6:30pm"),
    ],
)
def test_weekly_form_explains_invalid_times_and_keeps_them(text, sentence, as_inspector, officer):
    response = as_inspector.post(
        reverse("walks:weekly_duty", args=[officer.pk]), {"day_0": text, "day_1": "7am to 3pm"}
    )

    assert response.status_code == 422
    assert [line["text"] for line in response.context["error_summary"]] == [sentence]
    assert f'value="{text}"' in response.text
    assert not WeeklyDuty.objects.exists()


@pytest.mark.parametrize(
    ("answers", "sentence"),
    [
        ({"kind": "on"}, "Enter the times of the duty, like 2pm to 10pm"),
        ({"kind": ""}, "Select the duty on these days"),
        ({"kind": "leave", "days": -30}, "First day must be from yesterday to a year from now"),
        ({"kind": "leave", "length": -1}, "Last day must be the first day or later, and within a year of it"),
        ({"kind": "leave", "length": 9999}, "Last day must be the first day or later, and within a year of it"),
    ],
)
def test_days_form_explains_errors(answers, sentence, as_inspector, officer):
    first = london.today() + DAY * answers.get("days", 3)
    data = {**parts("first", first), **parts("last", first + DAY * answers.get("length", 0)), "kind": answers["kind"]}

    response = as_inspector.post(reverse("walks:duty_days", args=[officer.pk]), data)

    assert response.status_code == 422
    assert [line["text"] for line in response.context["error_summary"]] == [sentence]


def test_month_shows_every_day_of_the_month_for_every_officer(as_inspector, officer, inspector, bcu, monday):
    actions.set_duty_days([make_duty_entry(officer, monday, DutyKind.LEAVE)], by=inspector)
    WalkFactory(bcu=bcu, officers=[officer], start_at=walk_period(monday, 18)[0])

    response = as_inspector.get(reverse("walks:duties"), {"month": f"{monday:%Y-%m}"})

    (row,) = response.context["rows"]
    first = monday.replace(day=1)
    assert [cell.duty.date for cell in row.cells][:: len(row.cells) - 1] == [first, _last_day(monday)]
    cell = row.cells[monday.day - 1]
    assert (cell.short, cell.walks) == ("Leave", ["Walk 6pm"])
    assert response.context["totals"][0] == (first, 0)


def _last_day(date):
    return (date.replace(day=28) + DAY * 4).replace(day=1) - DAY


def test_month_on_a_phone_joins_days_in_a_row(as_inspector, officer, inspector, bcu):
    actions.set_weekly_duty(officer, by=inspector, week=dict.fromkeys(range(7), EARLY))
    first = _last_day(london.today()) + DAY
    actions.set_duty_days(
        [make_duty_entry(officer, first + DAY * number, DutyKind.LEAVE) for number in (3, 4, 5)], by=inspector
    )
    WalkFactory(bcu=bcu, officers=[officer], start_at=walk_period(first + DAY * 10, 8)[0])

    response = as_inspector.get(reverse("walks:duties"), {"month": f"{first:%Y-%m}"})

    (row,) = response.context["rows"]
    runs = [(run.cell.duty.date.day, run.last.day, run.cell.short) for run in row.runs()]
    end = _last_day(first).day
    assert runs == [(1, 3, "7am–3pm"), (4, 6, "Leave"), (7, 10, "7am–3pm"), (11, 11, "7am–3pm"), (12, end, "7am–3pm")]


@pytest.mark.parametrize("month", ["", "2026-13", "1999-01", "x"])
def test_month_of_an_invalid_address_is_this_month(month, as_inspector, officer):
    response = as_inspector.get(reverse("walks:duties"), {"month": month})

    assert response.context["dates"][0] == london.today().replace(day=1)


def test_month_takes_no_more_queries_for_more_officers(as_inspector, bcu, inspector, django_assert_max_num_queries):
    for officer in OfficerFactory.create_batch(5, bcu=bcu):
        actions.set_weekly_duty(officer, by=inspector, week={0: LATE})

    with django_assert_max_num_queries(10):
        as_inspector.get(reverse("walks:duties"), {"month": f"{london.today():%Y-%m}"})


def test_leave_is_entered_from_the_first_day_to_the_last(client, officer, monday):
    client.force_login(officer)

    response = client.post(
        reverse("walks:leave", args=[officer.pk]), {**parts("first", monday), **parts("last", monday + DAY * 9)}
    )

    assert response.status_code == 302
    assert [(day.date, day.kind) for day in DutyDay.objects.order_by("date")] == [
        (monday + DAY * number, "leave") for number in range(10)
    ]


def test_leave_over_a_walk_names_it_and_saves_nothing_at_first(client, officer, bcu, monday):
    walk = WalkFactory(bcu=bcu, officers=[officer], start_at=walk_period(monday + DAY, 18)[0])
    client.force_login(officer)
    page = reverse("walks:leave", args=[officer.pk])
    answers = {**parts("first", monday), **parts("last", monday + DAY * 2)}

    first = client.post(page, answers)
    saved_at_first = DutyDay.objects.count()
    client.post(page, {**answers, "listed": first.context["form"]["listed"].value()})

    assert f"{london.long_date(walk.date)}, 6pm" in first.text
    assert (saved_at_first, DutyDay.objects.count()) == (0, 3)


# --- Import


@pytest.fixture
def import_text(as_inspector):
    def act(*lines, **more):
        return as_inspector.post(reverse("walks:import_duties"), {"text": "\r\n".join(lines), **more})

    return act


def test_import_previews_changes_and_saves_nothing(import_text, officer, second_officer, inspector, monday):
    actions.set_duty_days([make_duty_entry(second_officer, monday, DutyKind.LEAVE)], by=inspector)

    response = import_text(
        "shoulder number,date,what", f"11AS,{monday},07:00-15:00", "", f"12 as,{monday:%d/%m/%Y},leave"
    )

    changes = [
        (change.entry.officer, change.before.description, change.after) for change in response.context["changes"]
    ]
    assert changes == [(officer, "Not known", "7am to 3pm")]
    assert response.context["unchanged"] == 1
    assert DutyDay.objects.count() == 1


def test_import_shows_the_walks_of_each_day_and_names_conflicts_before_it_saves(import_text, officer, bcu, monday):
    walk = WalkFactory(bcu=bcu, officers=[officer], start_at=walk_period(monday, 18)[0])

    response = import_text(f"11AS,{monday},leave", f"11AS,{monday + DAY},leave", save="yes")

    assert [change.walks for change in response.context["changes"]] == [["6pm to 7pm"], []]
    assert [(row.walk, row.reason) for row in response.context["collisions"]] == [(walk, "on leave")]
    assert not DutyDay.objects.exists()


def test_import_saves_on_a_second_press(import_text, officer, second_officer, monday):
    response = import_text(f"11AS\t{monday}\t22:00-06:00", f'12AS\t{monday}\t"off"', save="yes")

    assert response.status_code == 302
    assert {(day.officer, day.kind, day.end) for day in DutyDay.objects.all()} == {
        (officer, "on", NIGHT[1]),
        (second_officer, "off", None),
    }


@pytest.mark.parametrize(
    ("line", "sentence"),
    [
        ("11AS,{day}", "A line needs three parts: shoulder number, date, and times or a word."),
        ("99XX,{day},off", "No officer of this team has the shoulder number “99XX”."),
        ("77CN,{day},off", "No officer of this team has the shoulder number “77CN”."),
        ("11AS,31/02/2027,off", "“31/02/2027” isn’t a date. Write it like 2027-03-27 or 27/03/2027."),
        ("11AS,2020-01-01,off", "The date must be from yesterday to a year from now."),
        ("11AS,{day},7 to 3", "The third part: “7” must say am or pm, like 6:30pm"),
        (
            "11AS,{day},holiday",
            "We don’t know the word “holiday”. Write times, like 7am to 3pm, or one of “off”, “not on duty”, “leave”, "
            "“week”, “as every week”.",
        ),
        ('11AS,{day},"off', "The quotation marks on this line don’t match."),
        ("12AS,{day},leave", "An earlier line has the same officer and day."),
    ],
)
def test_import_lists_invalid_lines_and_saves_nothing(
    line, sentence, import_text, officer, second_officer, camden, monday
):
    OfficerFactory(bcu=camden.bcu, shoulder_number="77CN")

    response = import_text(f"12AS,{monday},off", line.format(day=monday), save="yes")

    assert response.status_code == 422
    assert [(row.number, row.error) for row in response.context["wrong"]] == [(2, sentence)]
    assert not DutyDay.objects.exists()
