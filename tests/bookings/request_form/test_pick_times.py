"""Days and parts of the day to tap, one time at a go."""

import datetime

import pytest
import time_machine

from bookings.models.bookings import Booking
from bookings.models.drafts import Draft
from boroughs.models.bcus import BoroughCommandUnit
from tests.support.drafts_and_messages import CHECK, post_send_form
from tests.support.factories import RecurringWalkFactory
from tests.support.markup import Markup
from tests.support.request_form import (
    answer_question,
    complete_questions,
    date_in_days,
    preferred_time_fields,
    times_in_boxes,
)
from walkandtalk.lib import london

WHEN, CONTACT = "/request/when/", "/request/contact/"


def pick(client, days, part="evening", **other):
    return client.post(WHEN, {**boxes(client), "day": date_in_days(days).isoformat(), "part": part, **other})


def boxes(client):
    """Return what the page's boxes hold, as a browser sends them."""
    return times_in_boxes(client.get(WHEN).text)


def saved_times():
    return [tuple(time) for time in Draft.objects.get().answers["when"]["preferred_times"]]


def iso(days):
    return date_in_days(days).isoformat()


def test_day_and_part_of_the_day_are_one_answer(at_question):
    client = at_question("when")

    response = pick(client, 10)

    assert response["Location"] == CONTACT
    assert saved_times() == [(iso(10), "17:00", "evening")]


def test_part_of_the_day_reaches_the_booking_in_words(client, southwark):
    complete_questions(client, when={"day": iso(10), "part": "evening"})
    day = london.long_date(date_in_days(10))

    page = client.get(CHECK).text
    post_send_form(client)

    [time] = Booking.objects.get().preferred_times.all()
    assert f"{day}, evening, 5pm to 8pm" in page
    assert str(time) == f"{day}, evening, 5pm to 8pm"
    assert (time.start, time.part) == (datetime.time(17), "evening")


def test_day_with_a_certain_time(at_question):
    client = at_question("when")

    client.post(WHEN, {"day": iso(10), "at": "6:30pm"})

    assert saved_times() == [(iso(10), "18:30")]


def test_up_to_three_times_are_added_one_by_one_and_removed(at_question):
    client = at_question("when")

    again = [pick(client, 10, another="on")["Location"], pick(client, 11, "late", another="on")["Location"]]
    last = pick(client, 12, "morning")["Location"]
    three, full = saved_times(), client.get(WHEN).text
    too_many = client.post(WHEN, {**boxes(client), "day": iso(13), "part": "late"})
    removed = client.post(WHEN, {**boxes(client), "remove": "second"})["Location"]

    assert (again, last, removed) == ([WHEN, WHEN], CONTACT, WHEN)
    assert three == [(iso(10), "17:00", "evening"), (iso(11), "20:00", "late"), (iso(12), "07:00", "morning")]
    assert 'name="day"' not in full
    assert too_many.status_code == 422
    assert saved_times() == [three[0], three[2]]


def test_last_time_can_be_removed_but_not_left_out(at_question):
    client = at_question("when")
    pick(client, 10)

    client.post(WHEN, {**boxes(client), "remove": "first"})

    assert saved_times() == []
    assert client.get(CHECK)["Location"] == WHEN
    assert client.post(WHEN, boxes(client)).status_code == 422


def test_new_time_replaces_one_that_is_not_possible_any_more(at_question, bcu):
    client = at_question("when")
    pick(client, 10)
    BoroughCommandUnit.objects.update(notice_days=20)

    response = pick(client, 21)

    assert response["Location"] == CONTACT
    assert saved_times() == [(iso(21), "17:00", "evening")]


@pytest.mark.parametrize(
    ("given", "sentence"),
    [
        ({"part": "evening"}, "Select a day"),
        ({"at": "6:30pm"}, "Select a day"),
        ({"day": "soon", "part": "evening"}, "Select a day"),
        ({"day": 10}, "Select a time of day"),
        ({"day": 10, "part": "night"}, "Select one of the answers shown"),
        ({"day": 10, "at": "3am"}, "This time must start between 7am and 10pm"),
        ({"day": 10, "at": "7"}, "Start time must say am or pm, like 6:30pm"),
        ({"day": 4, "part": "evening"}, "This day must be between"),
        (preferred_time_fields("first", date_in_days(10), "evening") | {"day": 10, "part": "evening"}, "already"),
    ],
)
def test_picked_time_shows_errors(at_question, given, sentence):
    client = at_question("when")
    given = {name: iso(value) if name == "day" and isinstance(value, int) else value for name, value in given.items()}

    response = answer_question(client, "when", given)

    assert response.status_code == 422
    assert sentence in response.text
    assert "when" not in Draft.objects.get().answers


@time_machine.travel("2026-11-30 12:00", tick=False)
def test_days_show_sunsets_bank_holidays_and_why_they_are_closed(at_question, bcu):
    bcu.closed_from, bcu.closed_until = datetime.date(2026, 12, 16), datetime.date(2026, 12, 17)
    bcu.save()

    page = at_question("when").get(WHEN).text

    radios = [tag.attrs for tag in Markup(page).all("input") if tag.attrs.get("name") == "day"]
    names = {attrs["value"]: attrs["aria-label"] for attrs in radios}
    days = list(names)
    assert names["2026-12-08"] == "Tuesday 8 December"
    assert (days[0], days[-1]) == ("2026-12-05", "2027-01-25")
    assert not {"2026-12-16", "2026-12-17"} & set(days)
    for words in (
        "Monday to Friday: too soon. We need 5 days to arrange a walk.",
        "Wednesday to Thursday: no walks then.",
        "Friday: bank holiday, Christmas Day.",
        "Tuesday to Sunday: too far ahead.",
        "Sunset about 3:50pm",
        "Later days: 28 December to 25 January",
    ):
        assert words in page


def test_parts_of_the_day_follow_the_hours_of_the_bcu(at_question, bcu):
    bcu.earliest, bcu.latest = datetime.time(9), datetime.time(19)
    bcu.save()
    client = at_question("when")

    page = client.get(WHEN).text
    pick(client, 10, "morning")

    assert "9am to midday" in page
    assert "5pm to 7pm" in page
    assert "Late" not in page.split('class="parts"')[1].split("</fieldset>")[0]
    assert saved_times() == [(iso(10), "09:00", "morning")]


# --- Regular walks ----------------------------------------------------------------------------------------------------


@pytest.fixture
def regular(bcu):
    day = date_in_days(12)
    return RecurringWalkFactory(
        bcu=bcu, weekday=day.weekday(), start=datetime.time(19), area="Around Peckham Rye", meeting_place="Bay 9"
    )


def test_regular_walks_are_shown_only_if_the_bcu_has_agreed(at_question, regular, bcu):
    client = at_question("when")
    before = client.get(WHEN).text
    bcu.offers_recurring_walks = True
    bcu.save()

    after = client.get(WHEN).text
    response = client.post(WHEN, {"regular": f"{iso(12)} evening"})

    assert "regular walk" not in before
    assert "evening: Around Peckham Rye" in after
    assert not [secret for secret in ("Bay 9", "7pm", regular.duty_number) if secret in after]
    assert response["Location"] == CONTACT
    assert saved_times() == [(iso(12), "17:00", "evening", "regular")]


def test_regular_walk_is_refused_if_the_bcu_does_not_show_it(at_question, regular):
    client = at_question("when")

    response = client.post(WHEN, {"regular": f"{iso(12)} evening"})

    assert response.status_code == 422
    assert "when" not in Draft.objects.get().answers


def test_regular_walk_reaches_the_booking(client, southwark, regular, bcu):
    bcu.offers_recurring_walks = True
    bcu.save()
    complete_questions(client, when={"regular": f"{iso(12)} evening"})

    post_send_form(client)

    assert "evening, our regular walk" in str(Booking.objects.get().preferred_times.get())
