"""The days that a requester can choose: bank holidays, notice for an interpreter, and closed teams."""

import datetime

import pytest
from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import IntegrityError
from django.test import Client
from django.utils import timezone

from bookings.models.bookings import Booking
from bookings.request_form.actions import request_booking
from bookings.request_form.forms.when import WhenForm
from bookings.request_form.questions import booking_request
from bookings.request_form.summary import get_summary_rows
from tests.support.drafts_and_messages import CHECK, make_complete_draft, post_send_form
from tests.support.factories import BCUFactory
from tests.support.markup import Markup
from walkandtalk.lib import london
from walkandtalk.lib.errors import ActionError

AREA, WHEN, NEEDS, CLOSED = "/request/area/", "/request/when/", "/request/needs/", "/request/closed/"
DAY = datetime.timedelta(days=1)
WHY = "Our officers are at the carnival <b>"


def in_days(days):
    return london.today() + datetime.timedelta(days=days)


def times_in_days(*days):
    return {"preferred_times": [[in_days(n).isoformat(), "18:30:00"] for n in days], "also": []}


@pytest.fixture
def woman(southwark):
    """Return clients with every question answered."""

    def go(**other):
        client = Client()
        _draft, client.cookies[settings.ANSWERS_COOKIE_NAME] = make_complete_draft(**other)
        return client

    return go


@pytest.fixture
def close(bcu):
    def set_days(begins, ends):
        bcu.closed_from = in_days(begins)
        bcu.closed_until = None if ends is None else in_days(ends)
        bcu.closed_message = WHY
        bcu.save()
        return bcu

    return set_days


# --- Bank holidays ----------------------------------------------------------------------------------------------------


def test_check_names_the_bank_holiday(southwark):
    draft, _cookie = make_complete_draft(when={"preferred_times": [["2026-12-25", "18:30:00"]], "also": []})

    rows = get_summary_rows(draft.answers, borough=southwark)

    note = "Friday 25 December 2026, 6:30pm. It gets dark about 3:55pm. It is a bank holiday: Christmas Day."
    assert note in [row["value"]["html"] for row in rows]


def test_when_describes_the_days_in_range(southwark):
    form = WhenForm(answers={"area": {"borough": southwark.gss}}, today=datetime.date(2026, 12, 1))

    assert form.describe(datetime.date(2026, 12, 8)) == "Tuesday 8 December 2026. It gets dark about 3:50pm."
    assert form.describe(datetime.date(2026, 12, 25)).endswith("3:55pm. It is a bank holiday: Christmas Day.")
    assert all(form.describe(day) for day in (form.first_day, form.last_day))
    assert [form.describe(day) for day in (form.first_day - DAY, form.last_day + DAY, None)] == ["", "", ""]


def test_when_describes_no_closed_days(southwark, close):
    close(10, 12)

    form = WhenForm(answers={"area": {"borough": southwark.gss}}, today=london.today())

    assert form.describe(in_days(9))
    assert [form.describe(in_days(n)) for n in (10, 11, 12)] == ["", "", ""]


def test_when_page_carries_the_note_of_every_day_as_runs(woman, close):
    close(10, 12)

    page = Markup(woman().get(WHEN).text)
    [runs] = [tag.attrs["data-days"].split("\n") for tag in page.all("div") if "data-days" in tag.attrs]
    notes = {in_days(n): _note_in(runs, in_days(n)) for n in range(70)}

    last = max(day for day, note in notes.items() if note)
    assert {in_days(n): "" for n in (10, 11, 12)}.items() <= notes.items()
    assert [day for day in notes if in_days(13) <= day <= last and notes[day] != london.day_notes(day)] == []
    assert last >= in_days(55)
    assert len(runs) < 30


def test_when_describes_the_typed_days_when_the_page_comes_back(woman):
    first, second = in_days(9), in_days(11)
    answers = {"first_date_day": first.day, "first_date_month": f"{first:%B}", "first_date_year": first.year}
    answers |= {"second_date_day": second.day, "second_date_month": second.month, "second_date_year": second.year}

    page = (
        woman().post(WHEN, answers | {"third_date_day": "31", "third_date_month": "2", "third_date_year": "2027"}).text
    )

    for choice, note in {"first": _note(first), "second": _note(second), "third": ""}.items():
        assert f'data-about-day="id_{choice}_date">{note}</p>' in page


def _note_in(runs, day):
    """Return the note of this day, as `days.js` reads the runs."""
    before = [run for run in runs if run[:10] <= day.isoformat()]
    return before[-1][11:] if before else ""


def _note(day):
    return f"{london.long_date(day)}. {london.day_notes(day)}"


# --- An interpreter ---------------------------------------------------------------------------------------------------


def test_when_says_from_which_day_an_interpreter_is_possible(woman):
    page = woman().get(WHEN).text

    assert f"Choose days from <strong>{london.long_date(in_days(21))}</strong>. We need 21 days to arrange" in page


@pytest.mark.parametrize("need", ["interpreter", "bsl"])
def test_interpreter_on_too_early_a_day_returns_to_when_and_loses_nothing(woman, need):
    client = woman(when=times_in_days(20, 30), contact=woman_of_few_words())

    response = client.post(NEEDS, {"needs": [need], "needs_details": "Somali"}, follow=True)

    assert response.redirect_chain[-1] == (WHEN, 302)
    sentence = f"First choice must be {london.long_date(in_days(21))} or later, because we need"
    assert sentence in response.text
    assert "Second choice must be" not in response.text
    assert f'value="{in_days(30).day}"' in response.text
    assert "Somali" in client.get(NEEDS).text


def woman_of_few_words():
    return {"channel": "full", "email": "maya@example.com", "phone": "", "phone_rules": [], "phone_times": ""}


@pytest.mark.parametrize(("days", "taken"), [(20, False), (21, True)])
def test_request_booking_applies_the_notice_for_an_interpreter(southwark, days, taken):
    needs = {"needs": ["interpreter"], "needs_details": "Somali"}
    draft, _cookie = make_complete_draft(when=times_in_days(days), needs=needs)

    def send():
        request_booking(draft, request=booking_request(draft.answers))

    if taken:
        send()
    else:
        with pytest.raises(ActionError, match="isn’t possible any more"):
            send()
    assert Booking.objects.exists() == taken


def test_notice_for_an_interpreter_is_never_less_than_the_teams(bcu):
    bcu.notice_days, bcu.interpreter_notice_days = 10, 3

    assert bcu.first_date(in_days(0), with_interpreter=True) == in_days(10)


# --- Closed teams -----------------------------------------------------------------------------------------------------


def test_closed_team_is_announced_after_the_area_with_the_days_still_bookable(woman, close):
    close(-1, 20)
    client = woman(when=times_in_days(30))

    response = client.post(AREA, {"place": "Southwark"}, follow=True)
    page = response.text

    assert response.redirect_chain[-1] == (CLOSED, 302)
    assert "carnival &lt;b&gt;" in page
    assert f"until <strong>{london.long_date(in_days(20))}</strong>" in page
    assert "020 7946 0101" in page
    assert "police.uk/streetsafe" in page
    assert f"between <strong>{london.long_date(in_days(21))}</strong> and" in page
    assert f'href="{CHECK}"' in page
    assert post_send_form(client)["Location"] == "/request/sent/"


@pytest.mark.parametrize("ends", [None, 56, 400])
def test_closed_team_without_bookable_days_ends_the_form(woman, close, ends):
    client = woman(when=times_in_days(30))
    close(0, ends)

    page = client.get(CLOSED).text
    pressed = post_send_form(client, follow=True)

    assert "You can ask now for a later walk" not in page
    assert ("until further notice" in page) == (ends is None)
    assert client.get(WHEN)["Location"] == CLOSED
    assert client.post(WHEN, {})["Location"] == CLOSED
    assert pressed.redirect_chain[-1] == (CLOSED, 302)
    assert not Booking.objects.exists()


def test_when_refuses_a_day_within_a_closure(woman, close):
    close(25, 35)
    client = woman(when=times_in_days(30))

    page = client.get(CHECK, follow=True)

    assert page.redirect_chain == [(WHEN, 302)]
    assert "First choice must be another day, because there are no walks then" in page.text
    assert "carnival &lt;b&gt;" in page.text


def test_request_booking_refuses_a_closed_day(southwark, close):
    draft, _cookie = make_complete_draft(when=times_in_days(10, 30))
    close(25, None)

    with pytest.raises(ActionError, match="isn’t possible any more"):
        request_booking(draft, request=booking_request(draft.answers))


def test_closed_page_redirects_to_the_next_question_if_nothing_is_closed(woman):
    assert woman().get(CLOSED)["Location"] == CHECK


@pytest.mark.parametrize(
    ("begins", "ends", "said"), [(-9, -1, False), (-1, 0, True), (50, None, True), (57, 60, False)]
)
@pytest.mark.parametrize("slug", ["southwark", "central-south"])
def test_area_pages_announce_a_current_or_near_closure(client, close, slug, begins, ends, said):
    close(begins, ends)

    assert ("carnival &lt;b&gt;" in client.get(f"/areas/{slug}/").text) == said


@pytest.mark.parametrize(
    ("fields", "sentence"),
    [
        ({"closed_until": datetime.date(2027, 1, 1)}, "needs “No walks from”"),
        ({"horizon_days": 20}, "there would be no day to choose"),
    ],
)
def test_admin_refuses_contradictory_rules_of_a_team(bcu, fields, sentence):
    for name, value in fields.items():
        setattr(bcu, name, value)

    with pytest.raises(ValidationError, match=sentence):
        bcu.full_clean()


def test_database_refuses_a_closure_that_ends_before_it_starts(db):
    with pytest.raises(IntegrityError, match="a_closure_begins_before_it_ends"):
        BCUFactory(code="ZZ", closed_from=timezone.now().date(), closed_until=in_days(-3))
