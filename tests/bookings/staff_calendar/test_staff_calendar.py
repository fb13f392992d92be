"""The staff calendar: its walks by London day and by row, and access to them."""

import datetime

import pytest
import time_machine
from django.urls import reverse

from bookings.on_the_day.officer_withdrawal import withdraw_from_walk
from bookings.staff_calendar.days import MAX_ENTRIES_IN_CELL, CalendarSpan
from bookings.statuses import Status
from tests.support.decisions import cancel_now
from tests.support.duties import make_duty_entry
from tests.support.factories import (
    BookingFactory,
    ClaimFactory,
    OfficerFactory,
    WalkFactory,
    WardFactory,
    in_days,
    scheduled_booking,
)
from tests.support.query_counts import count_queries
from walkandtalk.lib import london
from walks.duties.actions import set_duty_days
from walks.models.walks import Walk
from walks.statuses import DutyKind, WalkStatus

pytestmark = pytest.mark.django_db

DAY = datetime.timedelta(days=1)


def calendar(client, **chosen):
    return client.get(reverse("staff_calendar:calendar"), chosen)


def starts(response):
    """Return the starts of the walks that a calendar shows, in its order."""
    return [entry.walk.start_at for day in response.context["days"] for entry in day.entries]


def rows(response):
    return {row.name: sum(len(cell.entries) for cell in row.cells) for row in response.context["rows"]}


def create_walk(day, hour, officers, **fields):
    start_at = london.to_instant(day, datetime.time(hour, 30))
    return WalkFactory(bcu=officers[0].bcu, officers=officers, start_at=start_at, **fields)


# --- Days


@pytest.mark.parametrize("changes_on", [datetime.date(2026, 3, 29), datetime.date(2026, 10, 25)])
def test_week_of_a_clock_change_has_seven_london_days(changes_on, as_inspector, officer, second_officer):
    monday = changes_on - DAY * 6
    late = create_walk(changes_on, 23, [officer])
    create_walk(changes_on + DAY, 0, [second_officer])
    create_walk(monday - DAY, 23, [second_officer])
    early = create_walk(monday, 0, [officer])

    response = calendar(as_inspector, day=changes_on.isoformat())

    days = response.context["days"]
    assert [day.date for day in days] == [monday + DAY * number for number in range(7)]
    assert [entry.walk for entry in days[0].entries] == [early]
    assert [entry.walk for entry in days[6].entries] == [late]
    assert "12:30am" in response.text
    assert "11:30pm" in response.text
    assert london.local(early.start_at).utcoffset() != london.local(late.start_at).utcoffset()


@pytest.mark.parametrize(
    ("day", "first", "count", "earlier", "later"),
    [
        ("2026-03-29", "2026-02-23", 42, "2026-02-01", "2026-04-01"),
        ("2027-01-31", "2026-12-28", 35, "2026-12-01", "2027-02-01"),
        ("2027-02-28", "2027-02-01", 28, "2027-01-01", "2027-03-01"),
        ("2026-12-31", "2026-11-30", 35, "2026-11-01", "2027-01-01"),
    ],
)
def test_month_is_whole_weeks_and_steps_by_a_month(day, first, count, earlier, later, as_inspector):
    response = calendar(as_inspector, show="month", day=day)

    days = response.context["days"]
    assert (days[0].date.isoformat(), len(days)) == (first, count)
    assert f"day={earlier}" in response.context["earlier"]
    assert f"day={later}" in response.context["later"]


@pytest.mark.parametrize("chosen", [{"day": "yesterday"}, {"day": "0001-01-01"}, {"day": "9999-12-31"}, {"show": "x"}])
def test_calendar_with_an_invalid_address_shows_this_week(chosen, as_inspector):
    response = calendar(as_inspector, **chosen)

    assert london.today() in [day.date for day in response.context["days"]]
    assert len(response.context["days"]) == 7


@pytest.mark.parametrize("date", ["0001-01-01", "9999-12-31", "2026-02-30"])
def test_impossible_day_is_not_found(date, as_inspector):
    assert as_inspector.get(f"/staff/calendar/{date}/").status_code == 404


# --- Walks


@pytest.mark.parametrize("status", [WalkStatus.COMPLETED, WalkStatus.CUT_SHORT, WalkStatus.NOT_HELD])
def test_calendar_says_how_a_walk_ended(status, as_inspector, officer):
    WalkFactory(bcu=officer.bcu, officers=[officer], status=status)

    response = calendar(as_inspector, day=in_days(10).date().isoformat())

    assert status.label in response.text


def test_cancelled_walk_names_no_officer(as_inspector, inspector, officer, second_officer):
    booking = scheduled_booking([officer, second_officer])
    cancel_now(booking, inspector, reason="illness")
    day = booking.walk.date.isoformat()

    response = calendar(as_inspector, day=day)

    assert rows(response) == {"Cancelled walks": 1}
    assert rows(calendar(as_inspector, day=day, officer=officer.pk)) == {}
    assert officer.name not in response.text.partition("calendar__entry")[2]
    assert "Cancelled" in response.text
    assert "0 women" in response.text


def test_officer_who_left_a_walk_has_no_row(as_inspector, officer, second_officer):
    booking = scheduled_booking([officer, second_officer])
    withdraw_from_walk(booking.walk, by=officer)

    response = calendar(as_inspector, day=booking.walk.date.isoformat())

    assert rows(response) == {second_officer.display_name: 1}
    assert "1 of 2 officers" in response.text


def test_calendar_counts_requesters_and_names_none(as_inspector, officer, second_officer, bcu):
    walk = WalkFactory(bcu=bcu, officers=[officer, second_officer])
    for status in (Status.SCHEDULED, Status.SCHEDULED, Status.CANCELLED_BY_REQUESTER):
        BookingFactory(walk=walk, status=status)

    response = calendar(as_inspector, day=walk.date.isoformat())

    assert "2 women" in response.text
    assert "Maya" not in response.text
    assert walk.officers_phrase not in response.text


@pytest.mark.parametrize("name", ["staff_calendar:calendar", "staff_calendar:day", "on_the_day:walks", "triage:today"])
def test_lists_say_the_place_only_to_those_whose_walk_it_is(
    name, client, inspector, colleague, officer, second_officer, southwark
):
    noon = london.to_instant(london.today() + datetime.timedelta(days=1), datetime.time(12))
    with time_machine.travel(noon, tick=False):
        team, start_at = [officer, second_officer], noon + datetime.timedelta(hours=3)
        walk = WalkFactory(bcu=southwark.bcu, officers=team, start_at=start_at)
        ward = WardFactory(borough=southwark, name="Rye Lane")
        booking = scheduled_booking(team, borough=southwark, walk=walk, ward=ward)
        ClaimFactory(booking=booking, officer=inspector)
        address = reverse(name, args=[walk.date] if name == "staff_calendar:day" else [])
        shown = {}
        for person in (inspector, colleague, officer):
            client.force_login(person)
            text = client.get(address).text
            shown[person] = (walk.meeting_place in text, ward.name in text)

    assert (shown[inspector][0], shown[colleague]) == (True, (False, True))
    assert shown[officer][0] is (name != "triage:today")


def test_wards_are_rows_and_a_filter(as_inspector, officer, second_officer):
    here = WardFactory()
    scheduled_booking([officer, second_officer], ward=here)
    other_booking = scheduled_booking([officer], walk=WalkFactory(bcu=officer.bcu, start_at=in_days(10, hour=12)))
    day = other_booking.walk.date.isoformat()

    every = calendar(as_inspector, day=day, by="ward")
    filtered = calendar(as_inspector, day=day, ward=here.pk)

    assert rows(every) == {f"{here.name}, Southwark": 1, "Southwark": 1}
    assert len(starts(filtered)) == 1


def test_leave_is_in_the_officers_row(as_inspector, inspector, officer):
    day = london.today() + DAY * 3
    set_duty_days([make_duty_entry(officer, day, DutyKind.LEAVE)], by=inspector)

    response = calendar(as_inspector, day=day.isoformat())

    (row,) = response.context["rows"]
    assert [cell.date for cell in row.cells if cell.is_on_leave] == [day]


def test_full_day_of_a_month_links_to_its_list(as_inspector, officer, bcu):
    for _ in range(MAX_ENTRIES_IN_CELL + 2):
        WalkFactory(bcu=bcu)
    day = london.local(in_days(10)).date()

    response = calendar(as_inspector, show="month", day=day.isoformat())

    assert f'<a class="govuk-link" href="{reverse("staff_calendar:day", args=[day])}">2 more</a>' in response.text


def test_calendar_says_if_it_is_truncated(as_inspector, bcu, monkeypatch):
    monkeypatch.setattr("bookings.staff_calendar.days.MOST", 2)
    for _ in range(3):
        WalkFactory(bcu=bcu)

    response = calendar(as_inspector, day=london.local(in_days(10)).date().isoformat())

    assert len(starts(response)) == 2
    assert "too many walks for one page" in response.text


# --- Visibility


def test_officer_sees_her_own_walks_and_no_filters(client, officer, second_officer, bcu):
    own_walk = WalkFactory(bcu=bcu, officers=[officer])
    WalkFactory(bcu=bcu, officers=[second_officer], start_at=in_days(10, hour=12))
    client.force_login(officer)

    response = calendar(client, day=own_walk.date.isoformat())

    assert starts(response) == [own_walk.start_at]
    assert 'name="officer"' not in response.text


def test_restricted_walk_is_only_on_its_nominated_inspectors_calendar(client, inspector, stranger, officer):
    walk = WalkFactory(bcu=stranger.bcu, nominated_inspector=stranger, officers=[OfficerFactory(bcu=stranger.bcu)])
    calendars = {}

    for user in (stranger, inspector, type(stranger).objects.create_user("c@example.com", bcu=stranger.bcu, name="C")):
        user.role = "inspector"
        user.save()
        client.force_login(user)
        calendars[user.name] = starts(calendar(client, day=walk.date.isoformat()))

    assert calendars == {stranger.name: [walk.start_at], inspector.name: [], "C": []}


def test_filter_does_not_reveal_other_bcus(as_inspector, stranger):
    other_officer = OfficerFactory(bcu=stranger.bcu)
    walk = WalkFactory(bcu=stranger.bcu, officers=[other_officer])

    response = calendar(as_inspector, day=walk.date.isoformat(), officer=other_officer.pk)

    assert starts(response) == []
    assert other_officer.name not in response.text


# --- The list of a day


def test_day_list_has_what_a_briefing_needs_and_nothing_personal(as_inspector, inspector, officer, second_officer):
    booking = scheduled_booking([officer, second_officer])
    walk = booking.walk
    ClaimFactory(booking=booking, officer=inspector)

    response = as_inspector.get(reverse("staff_calendar:day", args=[walk.date]))

    for expected in (walk.meeting_place, walk.finish_place, walk.duty_number, officer.display_name, "6:30pm to 7:30pm"):
        assert expected in response.text
    for private_text in (booking.contact.name, booking.spoken_reference, "900123", "stick", walk.officers_phrase):
        assert private_text not in response.text


def test_day_list_does_not_print_restricted_walks(client, stranger):
    walk = WalkFactory(bcu=stranger.bcu, nominated_inspector=stranger, meeting_place="The kept place")
    client.force_login(stranger)

    response = client.get(reverse("staff_calendar:day", args=[walk.date]))

    printed, not_printed = response.text.split('<section class="no-print"')
    assert "The kept place" in not_printed
    assert "The kept place" not in printed
    assert [entry.walk for entry in response.context["entries"]] == []


# --- Queries


@pytest.mark.parametrize("address", ["?show=week", "?show=week&by=ward", "?show=month"])
def test_calendar_takes_the_same_queries_for_many_walks(address, as_inspector, bcu):
    ward = WardFactory()
    page = f"{reverse('staff_calendar:calendar')}{address}&day={london.local(in_days(10)).date()}"
    scheduled_booking([OfficerFactory(bcu=bcu), OfficerFactory(bcu=bcu)], ward=ward)
    query_count = count_queries(as_inspector, page)
    for _ in range(3):
        scheduled_booking([OfficerFactory(bcu=bcu), OfficerFactory(bcu=bcu)], ward=ward)

    assert count_queries(as_inspector, page) == query_count <= 15


def test_span_without_walks_is_its_days(inspector):
    span = CalendarSpan.load(Walk.objects.visible_to(inspector), [], london.today(), 7, for_team=True)

    assert [day.entries for day in span.days()] == [[]] * 7
    assert span.by_officer() == []
