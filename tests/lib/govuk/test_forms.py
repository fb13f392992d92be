from datetime import date, time

import pytest
from django import forms
from django.http import QueryDict

from walkandtalk.lib.govuk.adapters import error_target
from walkandtalk.lib.govuk.forms import ClockTimeField, PageForm, ThreePartDateField


class When(PageForm):
    day = ThreePartDateField(label="Date", subject="First choice", required=False)
    start = ClockTimeField(subject="Start time", required=False)


def when(**data):
    query = QueryDict(mutable=True)
    query.update(data)
    return When(query)


@pytest.mark.parametrize("month", ["2", "02", "feb", "Feb.", "FEBRUARY", " februar"])
def test_date_reads_months_as_numbers_and_as_names(month):
    form = when(day_day="9", day_month=month, day_year="2027")

    assert form.is_valid(), form.errors
    assert form.cleaned_data["day"] == date(2027, 2, 9)


@pytest.mark.parametrize(
    ("day", "month", "year", "said", "target"),
    [
        ("", "2", "2027", "First choice must include a day", "id_day_day"),
        ("9", "", "", "First choice must include a month and a year", "id_day_month"),
        ("29", "2", "2027", "First choice must be a real date", "id_day_day"),
        ("9", "13", "2027", "First choice must be a real date", "id_day_month"),
        ("9", "ma", "2027", "First choice must be a real date", "id_day_month"),
        ("²", "2", "2027", "First choice must be a real date", "id_day_day"),
        ("-1", "2", "2027", "First choice must be a real date", "id_day_day"),
        ("9", "2", "0000", "First choice must be a real date", "id_day_year"),
        ("9", "2", "27", "Year must have 4 numbers, like 2027", "id_day_year"),
        ("9" * 5000, "2", "2027", "First choice must be a real date", "id_day_day"),
    ],
)
def test_date_error_links_to_the_part_that_is_wrong(day, month, year, said, target):
    form = when(day_day=day, day_month=month, day_year=year)

    assert form.errors["day"] == [said]
    assert error_target(form["day"]) == target


def test_date_is_required_unless_the_form_makes_it_optional():
    class Must(PageForm):
        day = ThreePartDateField(subject="First choice")

    assert when().is_valid()
    assert Must(QueryDict("")).errors["day"] == ["First choice must include a date"]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        *[("6:30pm", time(18, 30)), ("6.30 p.m.", time(18, 30)), ("18:30", time(18, 30)), ("1830", time(18, 30))],
        *[("7 pm", time(19)), ("7PM", time(19)), ("midday", time(12)), ("12 noon", time(12)), ("12pm", time(12))],
        *[("midnight", time(0)), ("12:15am", time(0, 15)), ("07:00", time(7)), ("10:30", time(10, 30)), ("", None)],
    ],
)
def test_time_reads_usual_spellings(text, expected):
    form = when(start=text)

    assert form.is_valid(), form.errors
    assert form.cleaned_data["start"] == expected


@pytest.mark.parametrize("text", ["7", "12", "6:30"])
def test_time_does_not_guess_between_morning_and_evening(text):
    assert when(start=text).errors["start"] == ["Start time must say am or pm, like 6:30pm"]


@pytest.mark.parametrize("text", ["25:00", "7:60pm", "13pm", "soon", "18:3", "0pm", "٧pm"])
def test_time_refuses_other_text(text):
    assert when(start=text).errors["start"] == ["Start time must be a time, like 6:30pm"]


def test_time_is_shown_in_the_usual_spelling():
    form = When(initial={"start": time(18, 30)})

    assert form["start"].value() == "6:30pm"


def test_form_counts_a_new_line_as_one_character():
    class Story(PageForm):
        story = forms.CharField(max_length=5)

    form = Story(QueryDict("story=ab%0D%0Acd"))

    assert form.is_valid(), form.errors
    assert form.cleaned_data == {"story": "ab\ncd"}


def test_form_has_plain_default_errors_that_a_field_can_replace():
    class Words(PageForm):
        name = forms.CharField(error_messages={"required": "Enter what we should call you"})
        email = forms.EmailField()
        story = forms.CharField(max_length=3)
        minutes = forms.IntegerField(max_value=60)
        spot = forms.CharField(label="100% exact spot")

    form = Words(QueryDict("email=x&story=abcde&minutes=61"))

    assert form.errors == {
        "name": ["Enter what we should call you"],
        "email": ["Enter an email address in the right form, like name@example.com"],
        "story": ["Use 3 characters or fewer. You have used 5."],
        "minutes": ["Enter 60 or less"],
        "spot": ["Answer “100% exact spot”"],
    }
