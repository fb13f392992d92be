"""The questions about where and when to walk."""

import datetime

import pytest

from bookings.models.drafts import Draft
from tests.support.request_form import answer_question, date_in_days, preferred_time_fields, question_address
from walkandtalk.lib import london


@pytest.mark.parametrize(
    ("answers", "sentence"),
    [
        ({}, "Enter a meeting place, or ask us to suggest one"),
        ({"how": "place"}, "Enter a meeting place, or ask us to suggest one"),
        ({"how": "place", "place": " \n "}, "Enter a meeting place, or ask us to suggest one"),
        ({"how": "place", "place": "x" * 10_000}, "Meeting place must be 500 characters or fewer"),
    ],
)
def test_meeting_place_shows_errors_for_missing_answers(at_question, answers, sentence):
    client = at_question("meeting-place")

    response = answer_question(client, "meeting-place", answers)

    assert response.status_code == 422
    assert sentence in response.text
    assert answers.get("place", "").strip() in response.text
    assert "meeting-place" not in Draft.objects.get().answers


def test_meeting_place_suggests_places_of_the_borough(at_question):
    page = at_question("meeting-place").get(question_address("meeting-place")).text

    assert "Peckham Library" in page or "London Bridge" in page


@pytest.mark.parametrize(
    ("answers", "sentence"),
    [
        ({}, "Select a day"),
        ({"first_start": "6:30pm"}, "First choice must include a date"),
        (preferred_time_fields("first", date_in_days(10), ""), "First choice must include a time"),
        (preferred_time_fields("first", date_in_days(10), "after work"), "First choice must be a time, like 6:30pm"),
        (preferred_time_fields("first", date_in_days(10), "3am"), "First choice must start between 7am and 10pm"),
        (
            {"first_date_day": "29", "first_date_month": "2", "first_date_year": "2027", "first_start": "6pm"},
            "First choice must be a real date",
        ),
        (preferred_time_fields("first", datetime.date(2027, 3, 28), "1:30am"), "so there’s no 1:30am"),
        (preferred_time_fields("first", datetime.date(2027, 10, 31), "1:30am"), "1:30am happens twice"),
        (
            preferred_time_fields("first", date_in_days(10)) | preferred_time_fields("second", date_in_days(10)),
            "Second choice must be another day or time",
        ),
        (
            preferred_time_fields("first", date_in_days(10)) | preferred_time_fields("second", date_in_days(11), ""),
            "Second choice must include a time",
        ),
        (preferred_time_fields("first", date_in_days(10)) | {"third_start": "6pm"}, "Third choice must include a date"),
        (preferred_time_fields("first", date_in_days(10)) | {"also": ["never"]}, "Select one of the answers shown"),
        (preferred_time_fields("first", date_in_days(10), "6" * 10_000), "First choice must be a time, like 6:30pm"),
    ],
)
def test_when_shows_errors(at_question, answers, sentence):
    client = at_question("when")

    response = answer_question(client, "when", answers)

    assert response.status_code == 422
    assert sentence in response.text
    assert "when" not in Draft.objects.get().answers


@pytest.mark.parametrize("days", [-1, 4, 57])
def test_when_refuses_a_day_before_the_first_or_after_the_last(at_question, days):
    response = answer_question(at_question("when"), "when", preferred_time_fields("first", date_in_days(days)))

    assert response.status_code == 422
    assert "First choice must be between" in response.text
    assert "when" not in Draft.objects.get().answers


@pytest.mark.parametrize("days", [5, 56])
def test_when_accepts_the_first_and_the_last_day(at_question, days):
    response = answer_question(at_question("when"), "when", preferred_time_fields("first", date_in_days(days)))

    assert response["Location"] == question_address("contact")


@pytest.mark.parametrize("start", ["7am", "10pm"])
def test_when_accepts_the_earliest_and_the_latest_start(at_question, start):
    response = answer_question(at_question("when"), "when", preferred_time_fields("first", date_in_days(10), start))

    assert response["Location"] == question_address("contact")


def test_when_shows_sunsets_without_javascript(at_question):
    page = at_question("when").get(question_address("when")).text

    first = date_in_days(5)
    thursday = first + datetime.timedelta(days=3 - first.weekday())
    assert f"Sunset about {london.clock(london.sunset(thursday))}" in page
