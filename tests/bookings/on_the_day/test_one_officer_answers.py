"""A requester's answer to a one-officer question."""

import re

import pytest
from django.conf import settings as django_settings
from django.core.exceptions import PermissionDenied
from django.urls import reverse

from bookings.models.events import Event
from bookings.models.one_officer import OneOfficerQuestion
from bookings.on_the_day.one_officer import actions
from bookings.statuses import Channel, EventKind, Status
from bookings.transitions import transition_booking
from outbox.models import Message
from tests.support.booking_history import message_kinds
from tests.support.factories import BookingFactory
from tests.support.one_officer import (
    NO,
    YES,
    answer_latest_question,
    ask_about_one_officer,
    get_walk,
    is_listed_as_short,
    leave_one_officer,
)
from tests.support.spoken_with import IN_PERSON, IN_PERSON_DATA

pytestmark = pytest.mark.django_db


# --- Results of an answer


def test_yes_confirms_the_walk_with_a_new_phrase_and_the_card(one_officer_booking, inspector):
    previous_phrase = get_walk(one_officer_booking).officers_phrase
    ask_about_one_officer(one_officer_booking, inspector)

    answer_latest_question(one_officer_booking, YES)

    walk = get_walk(one_officer_booking)
    card = Message.objects.filter(thread=f"requester:{one_officer_booking.pk}").order_by("number").last()
    assert walk.one_officer_agreed_at is not None
    assert not walk.is_short
    assert not is_listed_as_short(one_officer_booking, inspector)
    assert walk.officers_phrase != previous_phrase
    assert card.kind == "changed"
    assert walk.officers_phrase in card.text
    assert card.text.index("One officer walks with you, as you agreed.") < card.text.index(walk.meeting_place)
    assert Message.objects.get(kind="team_one_officer_answered").subject.startswith("One officer will do:")


def test_no_returns_the_walk_to_the_inspector(one_officer_booking, inspector):
    previous_phrase = get_walk(one_officer_booking).officers_phrase
    ask_about_one_officer(one_officer_booking, inspector)

    answer_latest_question(one_officer_booking, NO)

    walk = get_walk(one_officer_booking)
    message = Message.objects.get(kind="team_one_officer_answered")
    assert (message.recipient, message.subject[:21]) == (inspector.bcu.inbox, "One officer won’t do:")
    assert is_listed_as_short(one_officer_booking, inspector)
    assert (walk.one_officer_agreed_at, walk.officers_phrase) == (None, previous_phrase)
    assert message_kinds(one_officer_booking) == ["one_officer_question"]
    assert Event.objects.filter(booking=one_officer_booking, kind=EventKind.ONE_OFFICER_REFUSED).count() == 1


def test_shared_walk_needs_a_yes_from_everybody(one_officer_booking, inspector):
    other_booking = BookingFactory(walk=one_officer_booking.walk, status=Status.SCHEDULED)
    ask_about_one_officer(one_officer_booking, inspector)

    answer_latest_question(one_officer_booking, YES)
    after_one = get_walk(one_officer_booking).is_short
    answer_latest_question(other_booking, YES)

    assert after_one
    assert not get_walk(one_officer_booking).is_short


def test_one_no_refuses_a_shared_walk(one_officer_booking, inspector):
    other_booking = BookingFactory(walk=one_officer_booking.walk, status=Status.SCHEDULED)
    ask_about_one_officer(one_officer_booking, inspector)
    answer_latest_question(one_officer_booking, NO)

    assert get_walk(one_officer_booking).is_short
    assert not OneOfficerQuestion.objects.open().exists()
    assert not OneOfficerQuestion.objects.filter(booking=other_booking, answer="yes").exists()


def test_requester_who_joins_later_has_not_agreed(one_officer_booking, inspector):
    ask_about_one_officer(one_officer_booking, inspector)
    answer_latest_question(one_officer_booking, YES)
    joins = BookingFactory(walk=get_walk(one_officer_booking))

    transition_booking(joins, Status.SCHEDULED, kind=EventKind.SCHEDULED, by=inspector)

    assert get_walk(one_officer_booking).is_short
    assert is_listed_as_short(one_officer_booking, inspector)


# --- By phone


def spoken_answer_address(booking):
    question = OneOfficerQuestion.objects.get(booking=booking)
    return reverse("on_the_day:record_one_officer_answer", args=[booking.walk_id, question.pk])


@pytest.mark.parametrize(("said", "is_short"), [("yes", False), ("no", True)])
def test_inspector_records_a_spoken_answer(said, is_short, one_officer_booking_by_phone, inspector, client):
    client.force_login(inspector)
    page = client.get(reverse("on_the_day:walk", args=[one_officer_booking_by_phone.walk_id])).text

    shown = client.post(spoken_answer_address(one_officer_booking_by_phone), {"show": "yes"})
    client.post(spoken_answer_address(one_officer_booking_by_phone), {"answer": said, "contact_method": "phone"})

    event = (
        one_officer_booking_by_phone.events.last()
        if is_short
        else one_officer_booking_by_phone.events.get(kind=EventKind.ONE_OFFICER_ACCEPTED)
    )
    assert spoken_answer_address(one_officer_booking_by_phone) in page
    assert get_walk(one_officer_booking_by_phone).is_short is is_short
    assert one_officer_booking_by_phone.contact.phone in shown.text
    assert (event.by, event.code, event.note) == (inspector, "phone", "")


def test_spoken_answer_in_person_keeps_the_place(one_officer_booking_by_phone, inspector, client):
    client.force_login(inspector)

    client.post(spoken_answer_address(one_officer_booking_by_phone), {"answer": "no", **IN_PERSON_DATA})

    event = one_officer_booking_by_phone.events.get(kind=EventKind.ONE_OFFICER_REFUSED)
    assert (event.by, event.code, event.note) == (inspector, "in_person", IN_PERSON.place)


@pytest.mark.parametrize(
    ("said", "status", "why"),
    [
        ({}, 422, "Select how you spoke with her"),
        ({"contact_method": "phone"}, 409, "Show her number first"),
        ({"contact_method": "other_number"}, 422, "Select one of the answers shown"),
    ],
)
def test_spoken_answer_refused_without_a_call(said, status, why, one_officer_booking_by_phone, inspector, client):
    client.force_login(inspector)

    response = client.post(spoken_answer_address(one_officer_booking_by_phone), {"answer": "yes", **said})

    assert response.status_code == status
    assert why in response.context["error_summary"][0]["text"]
    assert OneOfficerQuestion.objects.open().exists()


def test_spoken_answer_refused_if_calls_are_not_allowed(one_officer_booking, inspector, client):
    ask_about_one_officer(one_officer_booking, inspector)
    client.force_login(inspector)

    page = client.get(reverse("on_the_day:walk", args=[one_officer_booking.walk_id])).text
    response = client.post(spoken_answer_address(one_officer_booking), {"answer": "yes", **IN_PERSON_DATA})
    question = OneOfficerQuestion.objects.open().get().pk

    assert spoken_answer_address(one_officer_booking) not in page
    assert response.status_code == 403
    with pytest.raises(PermissionDenied):
        actions.answer_one_officer_question(
            one_officer_booking, actions.OneOfficerAnswer(question=question, will_do=True), recorded_by=inspector
        )
    assert OneOfficerQuestion.objects.open().exists()


# --- On the requester's page


@pytest.fixture
def requester_page_required(one_officer_booking, inspector, client):
    ask_about_one_officer(one_officer_booking, inspector)
    message = Message.objects.get(thread=f"requester:{one_officer_booking.pk}")
    return client, re.search(r"(/my-walk/[^/\s]+/)who-comes/", message.text).group(1)


def test_page_links_to_the_question_and_get_records_no_answer(requester_page_required):
    client, page = requester_page_required

    response = client.get(page)
    question_page = client.get(f"{page}who-comes/")

    assert f"{page}who-comes/" in response.text
    assert "Is it all right if only one comes?" in question_page.text
    assert OneOfficerQuestion.objects.open().count() == 1


@pytest.mark.parametrize(("said", "is_short"), [("yes", False), ("no", True)])
def test_requester_answers_on_her_page(said, is_short, requester_page_required, one_officer_booking):
    client, page = requester_page_required
    question = OneOfficerQuestion.objects.get()

    response = client.post(f"{page}who-comes/", {"of": str(question.pk), "answer": said})

    assert response.status_code == 302
    assert get_walk(one_officer_booking).is_short is is_short
    assert "who-comes" not in client.get(page).text


def test_second_answer_is_refused(requester_page_required, one_officer_booking):
    client, page = requester_page_required
    answer = {"of": str(OneOfficerQuestion.objects.get().pk), "answer": "no"}
    client.post(f"{page}who-comes/", answer)

    response = client.post(f"{page}who-comes/", answer)

    assert response.status_code == 409
    assert "You’ve already answered this question, or it has closed." in response.text


def test_answer_is_required(requester_page_required):
    client, page = requester_page_required
    question = OneOfficerQuestion.objects.get()

    response = client.post(f"{page}who-comes/", {"of": str(question.pk)})

    assert response.status_code == 422
    assert [line["text"] for line in response.context["error_summary"]] == ["Select yes or no"]


def test_question_on_the_neutral_host_names_nobody(officer, second_officer, inspector, client):
    booking = leave_one_officer(officer, second_officer, channel=Channel.DISCREET)
    ask_about_one_officer(booking, inspector)
    token = re.search(
        r"/r/([^/\s]+)/", Message.objects.filter(thread=f"requester:{booking.pk}").order_by("number").last().text
    ).group(1)
    host = {"host": django_settings.DISCREET_HOST}
    client.post(f"/r/{token}/", {"pin": "402817"}, headers=host)

    page = client.get(f"/r/{token}/who-comes/", headers=host)

    assert "Is it all right if only one comes?" in page.text
    for word in ("police", "officer", "Olive", "walk"):
        assert word not in re.sub(r"<[^>]*>", " ", page.text)
