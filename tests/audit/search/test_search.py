"""The auditor searches the read log by person, booking and day, and reads no detail of a requester."""

import datetime
import uuid

import pytest
from django.utils import timezone

from bookings.models.read_log import ReadLog
from bookings.triage.claims.actions import claim_booking, release_claim
from tests.support.factories import (
    BookingFactory,
    InspectorFactory,
    OfficerFactory,
    WalkFactory,
    in_days,
    scheduled_booking,
)
from tests.support.feedback_factories import ConcernFactory
from tests.support.form_data import date_data
from tests.support.looks import in_london, look, travel_to
from walkandtalk.lib import london

pytestmark = pytest.mark.django_db
OVERVIEW = "/staff/audit/"
NOT_ASSIGNED = "Not assigned to them"


def search(client, **typed):
    return client.post(OVERVIEW, typed)


@pytest.mark.parametrize("who", ["inspector", "officer", "lead", "administrator"])
def test_nobody_else_reads_a_line_or_finds_a_page(request, client, booking, inspector, who):
    look(inspector, booking)
    person = request.getfixturevalue(who)
    client.force_login(person)

    answers = {client.get(OVERVIEW).status_code, search(client, person="Iris").status_code}

    assert answers == {403}
    assert not ReadLog.objects.visible_to(person).exists()


def test_line_says_when_who_what_and_why(as_auditor, booking, inspector):
    look(inspector, booking, at=in_london(datetime.date(2026, 7, 14), 9, 5), kinds=["contact", "phone"])

    text = as_auditor.get(OVERVIEW).text

    for words in (
        "Tuesday 14 July 2026",
        "09:05:00",
        inspector.display_name,
        inspector.bcu.name,
        booking.spoken_reference,
        "Name and contact details, Phone number",
        "To decide on your request",
    ):
        assert words in text


def test_page_shows_no_detail_of_a_requester(as_auditor, southwark, team, inspector):
    booking = scheduled_booking(team, borough=southwark)
    concern = ConcernFactory(report__booking=booking)
    look(inspector, booking)
    look(inspector, walk=booking.walk)
    look(inspector, concern_id=concern.pk, reason="concern")

    text = as_auditor.get(OVERVIEW).text

    assert "Concern about booking" in text
    assert f"Walk of {london.long_date(booking.walk.start_at)}" in text
    hers = [booking.contact.name, booking.contact.email, booking.walk.meeting_place, concern.text, concern.place]
    assert [detail for detail in hers if detail in text] == []
    assert not ReadLog.objects.filter(officer__role="auditor").exists()


@pytest.mark.parametrize("spoken", ["lower", "spaces", "plain"])
def test_reference_is_found_as_people_say_it_and_is_in_no_address(as_auditor, booking, inspector, spoken):
    reference = booking.spoken_reference
    typed = {
        "lower": reference.lower(),
        "spaces": reference.replace("-", " "),
        "plain": reference.replace("-", ""),
    }[spoken]
    other = BookingFactory(borough=booking.borough)
    look(inspector, booking)
    look(inspector, other)

    answer = search(as_auditor, reference=typed)
    text = as_auditor.get(answer.url).text

    assert answer.url == f"{OVERVIEW}?booking={booking.pk}"
    assert reference in text
    assert other.spoken_reference not in text


def test_search_for_a_booking_finds_its_walk_and_its_concerns(as_auditor, southwark, team, inspector):
    booking = scheduled_booking(team, borough=southwark)
    concern = ConcernFactory(report__booking=booking)
    for about in ({"walk": booking.walk}, {"concern_id": concern.pk}, {"booking": booking}):
        look(inspector, **about)
    look(inspector, walk=WalkFactory(bcu=southwark.bcu, officers=[], start_at=in_days(40)))

    text = as_auditor.get(f"{OVERVIEW}?booking={booking.pk}").text

    assert text.count('<tr class="govuk-table__row" role="row">') == 3 + 1


@pytest.mark.parametrize("typed", ["iris insp", "IRIS.INSPECTOR@EXAMPLE.COM"])
def test_person_is_found_by_part_of_her_name_or_email_address(as_auditor, bcu, booking, typed):
    iris = InspectorFactory(bcu=bcu, name="Iris Inspector", email="iris.inspector@example.com")
    jane = InspectorFactory(bcu=bcu, name="Jane Other", email="jane@example.com")
    look(iris, booking)
    look(jane, booking)

    answer = search(as_auditor, person=typed)
    text = as_auditor.get(answer.url).text

    assert answer.url == f"{OVERVIEW}?person={iris.pk}"
    assert iris.display_name in text
    assert jane.display_name not in text


def test_several_people_are_shown_together_and_one_by_one(as_auditor, bcu, booking):
    one, two = (OfficerFactory(bcu=bcu, name=f"Ada Smith {n}") for n in "ab")
    look(one, booking)
    look(two, booking)

    answer = search(as_auditor, person="smith")
    text = as_auditor.get(answer.url).text

    assert f'href="?person={one.pk}"' in text
    assert f'href="?person={two.pk}"' in text


@pytest.mark.parametrize(
    ("typed", "error"),
    [
        ({"person": "nobody of this name"}, "Nobody here has this name"),
        ({"person": "a"}, "More than 20 people fit"),
        ({"reference": "K7QX"}, "A reference has 13 letters and numbers"),
        ({"reference": "K7QX-M2PD-9TRWE"}, "No booking has this reference"),
        ({"day_day": "31", "day_month": "2", "day_year": "2026"}, "Day must be a real date"),
    ],
)
def test_mistake_is_explained_and_what_was_typed_stays(as_auditor, bcu, typed, error):
    for n in range(21):
        OfficerFactory(bcu=bcu, name=f"Anna {n}")

    answer = search(as_auditor, **typed)

    assert answer.status_code == 422
    assert error in answer.text
    assert f'value="{next(iter(typed.values()))}"' in answer.text


@pytest.mark.parametrize(("day", "hours"), [("2026-03-29", 23), ("2026-10-25", 25), ("2026-07-01", 24)])
def test_day_is_a_day_in_london(as_auditor, booking, inspector, day, hours):
    begins = london.first_instant(datetime.date.fromisoformat(day), datetime.time(0))
    second = datetime.timedelta(seconds=1)
    for at in (begins - second, begins, begins + datetime.timedelta(hours=hours) - second):
        look(inspector, booking, at=at)
    look(inspector, booking, at=begins + datetime.timedelta(hours=hours))

    text = as_auditor.get(f"{OVERVIEW}?day={day}").text

    assert [text.count(f">{clock}<") for clock in ("00:00:00", "23:59:59")] == [1, 1]


def test_day_is_searched_for_by_three_numbers(as_auditor):
    answer = search(as_auditor, **date_data("day", days=-3))

    assert answer.url == f"{OVERVIEW}?day={london.today() - datetime.timedelta(days=3)}"


@pytest.mark.parametrize(
    "address",
    ["?booking=no", "?booking=1b4e28ba-2fa1-11d2-883f-0016d3cca427", "?person=x", "?day=2999-01-01", "?after=x"],
)
def test_address_that_makes_no_sense_shows_everything(as_auditor, booking, inspector, address):
    look(inspector, booking)

    assert booking.spoken_reference in as_auditor.get(f"{OVERVIEW}{address}").text


def test_pages_show_each_line_once_in_a_fixed_number_of_queries(
    as_auditor, southwark, inspector, django_assert_max_num_queries
):
    now = timezone.now()
    for booking in BookingFactory.create_batch(60, borough=southwark):
        look(inspector, booking, at=now)
        look(inspector, concern_id=uuid.uuid4(), at=now)
    seen, address = [], OVERVIEW

    while address:
        with django_assert_max_num_queries(9):
            response = as_auditor.get(address)
        page = response.context["page"]
        seen += [line.at for line in page.lines]
        address = f"{OVERVIEW}?after={page.last}" if page.last else ""

    assert len(seen) == ReadLog.objects.count() == 120


# --- Whether a claim or a walk explains a look ------------------------------------------------------------------------


def remarks(client):
    """Return whether each look is not explained, newest first."""
    return [NOT_ASSIGNED in line.remarks for line in client.get(OVERVIEW).context["page"].lines]


def test_look_is_explained_while_the_booking_is_assigned_to_the_reader(as_auditor, booking, inspector):
    now = timezone.now()
    for hours, act in ((4, None), (3, claim_booking), (2, None), (1, release_claim), (0.5, None)):
        with travel_to(now - datetime.timedelta(hours=hours)):
            if act is claim_booking:
                act(booking, by=inspector, claimed_by_id=None)
                booking.refresh_from_db()
            elif act is release_claim:
                act(booking, by=inspector)
            else:
                look(inspector, booking)

    assert remarks(as_auditor) == [True, False, False, True]  # claiming is a look, too


def test_colleagues_look_is_not_explained_by_anothers_claim(as_auditor, bcu, booking, inspector):
    claim_booking(booking, by=inspector, claimed_by_id=None)

    look(InspectorFactory(bcu=bcu), booking)

    assert remarks(as_auditor) == [True, False]


def test_takeover_ends_the_first_claim(as_auditor, bcu, booking, inspector):
    colleague = InspectorFactory(bcu=bcu)
    claim_booking(booking, by=inspector, claimed_by_id=None)
    booking.refresh_from_db()
    claim_booking(booking, by=colleague, claimed_by_id=inspector.pk)

    look(inspector, booking)
    look(colleague, booking)

    assert remarks(as_auditor) == [False, True, False, False]


def test_walk_explains_the_looks_of_its_officers(as_auditor, southwark, team, bcu):
    booking = scheduled_booking(team, borough=southwark)

    look(OfficerFactory(bcu=bcu), booking, reason="on_walk")
    look(OfficerFactory(bcu=bcu), walk=booking.walk, reason="on_walk")
    look(team[0], booking, reason="on_walk")
    look(team[0], walk=booking.walk, reason="on_walk")

    assert remarks(as_auditor) == [False, False, True, True]


def test_nominated_inspector_is_explained_by_her_role(as_auditor, southwark, stranger, inspector):
    booking = BookingFactory(borough=southwark, nominated_inspector=stranger)

    look(stranger, booking)
    look(inspector, booking)

    assert remarks(as_auditor) == [True, False]
    assert "Restricted" in as_auditor.get(OVERVIEW).text


def test_line_about_a_booking_that_was_never_saved_is_shown(as_auditor, inspector):
    ReadLog.objects.create(officer=inspector, booking_id=uuid.uuid4(), kinds=["page"], reason="decide")

    assert "A booking that was not saved" in as_auditor.get(OVERVIEW).text
