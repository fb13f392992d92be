"""The form with which an inspector schedules a walk."""

import datetime

import pytest

from bookings.models.bookings import Booking
from bookings.models.preferred_times import PreferredTime
from bookings.statuses import Status
from tests.support.factories import BookingFactory, OfficerFactory, WalkFactory, WardFactory, in_days, scheduled_booking
from tests.support.form_data import schedule_data
from tests.support.query_counts import count_queries
from tests.support.staff_addresses import staff_address
from walkandtalk.lib import london
from walks.models.walks import Walk

pytestmark = pytest.mark.django_db


def test_schedule_page_begins_with_the_first_choice(as_inspector, booking):
    response = as_inspector.get(staff_address("scheduling:schedule", booking))

    preferred_time = booking.preferred_times.get()
    assert response.context["form"].initial == {
        "date": preferred_time.date,
        "start": preferred_time.start,
        "minutes": 60,
        "meeting_place": "Peckham Rye station, main entrance",
        "map_coordinates": None,
        "finish_place": "Back at the start",
        "duty_number": "020 7946 0101",
        "version": 1,
        "time": "1",
        "officers": [],
        "need_step_free": "arranged",
        "how_step_free": "Walked by Sergeant Stone",
    }


@pytest.mark.parametrize(("asked", "rank"), [("2", 2), ("7", 1), ("x", 1)])
def test_schedule_page_uses_the_chosen_preferred_time(asked, rank, as_inspector, booking):
    PreferredTime.objects.create(booking=booking, rank=2, date=london.today(), start=datetime.time(12))

    initial = (
        as_inspector.get(staff_address("scheduling:schedule", booking), {"preferred_time": asked})
        .context["form"]
        .initial
    )

    assert initial["date"] == booking.preferred_times.get(rank=rank).date


def test_schedule_page_lists_free_officers_first(as_inspector, southwark, booking, team, officer):
    WalkFactory(bcu=southwark.bcu, officers=[officer], start_at=booking.walk_needed_at)

    response = as_inspector.get(staff_address("scheduling:schedule", booking))

    assert [suggestion.officer.name for suggestion in response.context["form"].suggestions] == [
        "Petra Partner",
        "Olive Officer",
    ]
    assert "On another walk then" in response.text
    assert "Too few are free then" in response.text


def test_schedule_page_lists_officers_of_the_ward_first(as_inspector, southwark, team):
    ward = WardFactory(borough=southwark)
    OfficerFactory(bcu=southwark.bcu, name="Zoe", ward=ward)
    booking = BookingFactory(borough=southwark, ward=ward)

    suggestions = as_inspector.get(staff_address("scheduling:schedule", booking)).context["form"].suggestions

    assert suggestions[0].officer.name == "Zoe"


def test_schedule_creates_the_walk(as_inspector, booking, team):
    response = as_inspector.post(staff_address("scheduling:schedule", booking), schedule_data(team), follow=True)

    booking.refresh_from_db()
    assert booking.status == Status.SCHEDULED
    assert booking.walk.start_at == in_days(10)
    assert booking.walk.live_officers() == team
    assert "We’re emailing the officers. We’re emailing her" in response.text


def test_schedule_preview_shows_free_officers_and_saves_nothing(
    as_inspector, southwark, booking, officer, second_officer
):
    WalkFactory(bcu=southwark.bcu, officers=[officer], start_at=in_days(11))
    data = schedule_data([], days=11, meeting_place="", look="yes")

    response = as_inspector.post(staff_address("scheduling:schedule", booking), data)

    assert response.status_code == 200
    assert not response.context["error_summary"]
    assert [suggestion.is_free for suggestion in response.context["form"].suggestions] == [True, False]
    assert Walk.objects.count() == 1


def test_schedule_preview_shows_errors_of_the_time(as_inspector, booking):
    response = as_inspector.post(
        staff_address("scheduling:schedule", booking), schedule_data([], start="6", look="yes")
    )

    assert [line["text"] for line in response.context["error_summary"]] == ["Start must say am or pm, like 6:30pm"]


@pytest.mark.parametrize(
    ("changed", "message"),
    [
        ({"date_day": "31", "date_month": "2"}, "Date must be a real date"),
        ({"days": -1}, "Date must be between"),
        ({"days": 400}, "Date must be between"),
        ({"date_year": "9999"}, "Date must be between"),
        ({"start": ""}, "Start must include a time"),
        ({"minutes": "5"}, "Length must be between 10 and 240 minutes"),
        ({"minutes": "9" * 30}, "Length must be between 10 and 240 minutes"),
        ({"meeting_place": " "}, "Enter the exact spot"),
        ({"finish_place": "x" * 301}, "Use 300 characters or fewer"),
        ({"duty_number": ""}, "Enter the number that is answered"),
        ({"officers": []}, "Choose at least 2 officers"),
        ({"officers": ["1", "x"]}, "Choose officers from the list"),
        ({"version": "x"}, "whole number"),
    ],
)
def test_schedule_shows_errors_and_saves_nothing(changed, message, as_inspector, booking, team):
    data = {**schedule_data(team, days=changed.pop("days", 10)), **changed}

    response = as_inspector.post(staff_address("scheduling:schedule", booking), data)

    assert response.status_code == 422
    assert message in " ".join(line["text"] for line in response.context["error_summary"])
    assert not Walk.objects.exists()


def test_schedule_refuses_fewer_officers_than_the_minimum(as_inspector, booking, officer, second_officer):
    response = as_inspector.post(staff_address("scheduling:schedule", booking), schedule_data([officer]))

    assert response.status_code == 422
    assert "Choose at least 2 officers: that’s the rule in Central South" in response.text


def test_schedule_refuses_an_officer_of_another_bcu(as_inspector, booking, officer, camden):
    other_officer = OfficerFactory(bcu=camden.bcu)

    response = as_inspector.post(staff_address("scheduling:schedule", booking), schedule_data([officer, other_officer]))

    assert response.status_code == 422
    assert "Choose officers from the list" in response.text


def test_schedule_refuses_an_officer_on_another_walk_and_keeps_every_answer(
    as_inspector, southwark, booking, team, officer
):
    WalkFactory(bcu=southwark.bcu, officers=[officer], start_at=in_days(10))
    OfficerFactory(bcu=southwark.bcu, name="Another")

    response = as_inspector.post(
        staff_address("scheduling:schedule", booking), schedule_data(team, finish_place="Nunhead station")
    )

    assert response.status_code == 409
    (line,) = response.context["error_summary"]
    assert line["text"].startswith("One of these officers has just been given another walk")
    assert line["href"] == "#id_officers"
    assert "Nunhead station" in response.text
    assert [suggestion.officer.name for suggestion in response.context["form"].suggestions] == [
        "Another",
        "Petra Partner",
        "Olive Officer",
    ]
    assert set(response.context["form"]["officers"].value()) == {str(suggestion.pk) for suggestion in team}
    assert Walk.objects.count() == 1


def test_schedule_refuses_an_older_version_and_accepts_the_next_try(as_inspector, booking, team):
    Booking.objects.update(version=4)

    refused = as_inspector.post(staff_address("scheduling:schedule", booking), schedule_data(team))
    version = refused.context["form"]["version"].value()
    response = as_inspector.post(staff_address("scheduling:schedule", booking), schedule_data(team, version=version))

    assert refused.status_code == 409
    assert "Someone has changed this" in refused.text
    assert response.status_code == 302


def test_schedule_refuses_a_second_walk(as_inspector, southwark, team):
    booking = scheduled_booking(team, borough=southwark)

    assert as_inspector.get(staff_address("scheduling:schedule", booking)).status_code == 302
    response = as_inspector.post(staff_address("scheduling:schedule", booking), schedule_data(team, days=11))

    assert response.status_code == 409
    assert Walk.objects.count() == 1


@pytest.mark.parametrize(("method", "status"), [("get", 200), ("post", 409)])
def test_schedule_refused_before_confirmation(method, status, as_inspector, southwark, team):
    booking = BookingFactory(borough=southwark, confirmed_at=None, contact__phone_rules=["call"])

    response = getattr(as_inspector, method)(staff_address("scheduling:schedule", booking), schedule_data(team))

    assert response.status_code == status
    assert "I’ve spoken with her" in response.text
    assert not Walk.objects.exists()


def test_schedule_page_takes_the_same_queries_for_three_officers_as_for_one(as_inspector, booking, bcu, officer):
    as_inspector.get(staff_address("triage:booking", booking))  # records the first reading
    query_count = count_queries(as_inspector, staff_address("scheduling:schedule", booking))
    OfficerFactory.create_batch(2, bcu=bcu)

    assert count_queries(as_inspector, staff_address("scheduling:schedule", booking)) == query_count <= 15
