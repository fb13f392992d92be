"""How a colleague reached the requester: on which number, or where. She must have opened the number she rang."""

import datetime

import pytest
import time_machine
from django.core.exceptions import PermissionDenied
from django.urls import reverse
from django.utils import timezone

from bookings.decisions.spoken_with import SpokenWith
from bookings.models.read_log import ReadLog
from bookings.notices.acknowledgements import record_contact
from bookings.read_log import open_booking, record_reason
from bookings.statuses import ContactMethod, EventKind, ReadReason, Status
from tests.support.booking_history import event_kinds
from tests.support.decisions import cancel_now
from tests.support.drafts_and_messages import make_requester_message
from tests.support.factories import BookingFactory, ClaimFactory, InspectorFactory, WalkFactory, in_days
from tests.support.spoken_with import BY_PHONE, IN_PERSON, NOT_SPOKEN, show_number
from walkandtalk.lib.errors import ActionError

pytestmark = pytest.mark.django_db

ON_ANOTHER = SpokenWith(method=ContactMethod.OTHER_NUMBER, why="020 7946 0000: she rang from work")
NUMBER = "07700 900123"


@pytest.fixture(params=["cancelled", "nobody came", "cut short", "undelivered"])
def unreached(request, southwark, team, inspector):
    """A requester whom someone has to reach, for each reason that there is."""
    calls = {"borough": southwark, "contact__phone_rules": ["call"], "contact__phone": NUMBER}
    walk = WalkFactory(bcu=southwark.bcu, officers=team, start_at=in_days(-1))
    match request.param:
        case "cancelled":
            return BookingFactory(status=Status.CANCELLED_BY_US, outcome_code="illness", **calls)
        case "nobody came":
            reported = {"acknowledgement__nobody_came_reported_at": timezone.now()}
            return BookingFactory(status=Status.SCHEDULED, walk=walk, **reported, **calls)
        case "cut short":
            return BookingFactory(status=Status.WAITING, cut_short_walk=walk, **calls)
    booking = BookingFactory(**calls)
    make_requester_message(booking, state="failed")
    return booking


def address(booking):
    return reverse("triage:record_contact", args=[booking.pk])


def contacts(booking):
    events = booking.events.filter(kind=EventKind.CONTACTED)
    return [(event.by, event.code, event.note) for event in events]


def reach(booking, spoken, by):
    record_contact(booking, spoken, by=by, version=booking.version)


# --- The rule ---------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("spoken", [BY_PHONE, ON_ANOTHER], ids=lambda spoken: str(spoken.method))
def test_contact_by_phone_needs_the_number_to_be_opened_by_this_person_in_the_last_hour(spoken, unreached, inspector):
    colleague = InspectorFactory(bcu=inspector.bcu)

    def refused():
        with pytest.raises(ActionError, match="Show her number first"):
            reach(unreached, spoken, inspector)
        return True

    record_reason([unreached.pk], ReadReason.CHECK_WORK, by=inspector)
    open_booking(unreached, by=inspector)
    assert refused()
    show_number(unreached, by=colleague)
    assert refused()
    show_number(unreached, by=inspector)
    now = timezone.now()
    with time_machine.travel(now + datetime.timedelta(minutes=61), tick=False):
        assert refused()
    assert contacts(unreached) == []

    with time_machine.travel(now + datetime.timedelta(minutes=59), tick=False):
        reach(unreached, spoken, inspector)
    assert contacts(unreached) == [(inspector, spoken.method, spoken.why)]


def test_contact_in_person_keeps_the_place(unreached, inspector):
    reach(unreached, IN_PERSON, inspector)

    assert contacts(unreached) == [(inspector, "in_person", IN_PERSON.place)]


def test_contact_on_another_number_of_a_requester_who_gave_none(inspector, southwark):
    booking = BookingFactory(
        borough=southwark, status=Status.CANCELLED_BY_US, outcome_code="illness", contact__phone=""
    )

    reach(booking, ON_ANOTHER, inspector)

    assert contacts(booking) == [(inspector, "other_number", ON_ANOTHER.why)]


def test_contact_without_speaking_is_refused(unreached, inspector):
    with pytest.raises(PermissionDenied):
        reach(unreached, NOT_SPOKEN, inspector)

    assert contacts(unreached) == []


# --- The page ---------------------------------------------------------------------------------------------------------


def test_page_shows_the_number_in_one_press_and_logs_it(unreached, as_inspector, inspector):
    ClaimFactory(booking=unreached, officer=inspector)
    asked = as_inspector.get(address(unreached))
    shown = as_inspector.post(address(unreached), {"show": "yes"})
    data = {"version": shown.context["form"]["version"].value(), "contact_method": "phone"}
    saved = as_inspector.post(address(unreached), data)

    assert NUMBER not in asked.text
    assert NUMBER in shown.text
    assert "no-store" in shown["Cache-Control"]
    assert saved.status_code == 302
    assert contacts(unreached) == [(inspector, "phone", "")]
    assert {read.reason for read in ReadLog.objects.all()} == {ReadReason.CALL}
    assert ReadLog.objects.filter(booking=unreached, kinds=["phone"]).count() == 1


@pytest.mark.parametrize(
    ("answers", "status", "why"),
    [
        ({}, 422, "Select how you spoke with her"),
        ({"contact_method": "phone"}, 409, "Show her number first, then ring it. Viewing it is logged."),
        ({"contact_method": "other_number"}, 422, "Enter which number it was, and why you used it"),
        ({"contact_method": "in_person"}, 422, "Enter where you met her"),
        ({"contact_method": "not_spoken"}, 422, "Select one of the answers shown"),
    ],
)
def test_page_refuses_an_answer_that_does_not_say_how(answers, status, why, unreached, as_inspector):
    response = as_inspector.post(address(unreached), {"version": unreached.version, **answers})

    assert response.status_code == status
    assert response.context["error_summary"][0]["text"].startswith(why)
    assert contacts(unreached) == []


@pytest.mark.parametrize(
    ("method", "note"), [("phone", ""), ("other_number", ON_ANOTHER.why), ("in_person", IN_PERSON.place)]
)
def test_page_keeps_only_what_belongs_to_the_answer(method, note, unreached, as_inspector, inspector):
    show_number(unreached, by=inspector)
    typed = {"contact_place": IN_PERSON.place, "contact_why": ON_ANOTHER.why}

    as_inspector.post(address(unreached), {"version": unreached.version, "contact_method": method, **typed})

    assert contacts(unreached) == [(inspector, method, note)]


def test_history_says_how_she_was_reached(as_inspector, inspector, unreached):
    show_number(unreached, by=inspector)
    reach(unreached, ON_ANOTHER, inspector)

    page = as_inspector.get(reverse("triage:booking", args=[unreached.pk])).text

    assert "By phone, on another number." in page
    assert ON_ANOTHER.why in page


def test_page_is_closed_once_she_knows(as_inspector, inspector, unreached):
    reach(unreached, IN_PERSON, inspector)

    response = as_inspector.get(address(unreached))

    assert (response.status_code, response["Location"]) == (302, reverse("triage:booking", args=[unreached.pk]))


def test_page_of_another_bcu_is_not_found(client, stranger, unreached):
    client.force_login(stranger)

    assert client.get(address(unreached)).status_code == 404
    assert client.post(address(unreached), {"show": "yes"}).status_code == 404
    assert not ReadLog.objects.exists()


# --- The lists --------------------------------------------------------------------------------------------------------


def test_list_of_those_who_may_not_know_has_the_number_one_press_away(as_inspector, booked, inspector):
    booked.contact.phone = NUMBER
    booked.contact.save()
    cancel_now(booked, inspector)

    today = as_inspector.get(reverse("triage:today")).text

    form = f'<form method="post" action="{address(booked)}">'
    assert NUMBER not in today
    assert form in today
    assert NUMBER in as_inspector.post(address(booked), {"show": "yes"}).text
    assert event_kinds(booked)[-1] == EventKind.CANCELLED_BY_US


def test_list_of_those_who_may_not_know_offers_no_number_that_she_did_not_give(as_inspector, booked, inspector):
    booked.contact.phone = ""
    booked.contact.save()
    cancel_now(booked, inspector)

    assert address(booked) not in as_inspector.get(reverse("triage:today")).text


def test_list_of_undelivered_messages_leads_to_the_number_and_the_page(as_inspector, southwark):
    booking = BookingFactory(borough=southwark, contact__phone=NUMBER)
    make_requester_message(booking, state="failed")

    page = as_inspector.get(reverse("delivery_problems:list")).text

    assert f'<form method="post" action="{address(booking)}">' in page
    assert f'href="{address(booking)}"' in page
