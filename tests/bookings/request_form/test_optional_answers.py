"""Optional answers on the check page, and girls who come with an adult."""

import pytest
from django.urls import reverse

from bookings.models.bookings import Booking
from bookings.models.contacts import BookingContact
from bookings.models.drafts import Draft
from bookings.models.links import Link
from bookings.notices.walk_card import WalkCard
from bookings.request_form.confirmation import confirm_booking
from bookings.request_form.questions import OPTIONAL_QUESTIONS
from boroughs.models.bcus import BoroughCommandUnit
from outbox.models import Message
from tests.support.drafts_and_messages import CHECK, send_form_data
from tests.support.factories import InspectorFactory, WardFactory, in_days, scheduled_booking
from tests.support.request_form import answer_question, complete_questions, question_address, request_answers
from walks.models.walks import Walk

ROUTE = "Through Nunhead cemetery\nto the bus stop"
ADDED = {
    "route": {"route": ROUTE},
    "about": {"about": ["place", "people"]},
    "company": {"companions": "2", "adults": "on"},
    "passing-on": {"without_name": "no"},
    "restricted": {},
    "pin": {"pin": "402817"},
}
SHOWN = {
    "route": "Through Nunhead cemetery<br>to the bus stop",
    "about": "The place itself<br>People",
    "company": "2 people, each 18 or over",
    "passing-on": "May we pass it on?",
    "restricted": "Your local team",
    "pin": "Chosen. We don’t show it.",
}


@pytest.fixture
def ready(client, southwark):
    """A client with every required question answered."""
    complete_questions(client)
    return client


@pytest.fixture
def accepting(bcu):
    BoroughCommandUnit.objects.filter(pk=bcu.pk).update(accepts_16_17=True)


def add(client, *questions):
    for question in questions or ADDED:
        response = answer_question(client, question, ADDED[question])
        assert response["Location"] == CHECK, question


def send(client):
    response = client.post(CHECK, send_form_data(client))
    assert response["Location"] == "/request/sent/"
    return Booking.objects.select_related("contact").get()


# --- The optional questions -------------------------------------------------------------------------------------------


def test_check_page_offers_every_optional_question(ready):
    page = ready.get(CHECK).text

    assert set(ADDED) == set(OPTIONAL_QUESTIONS) == set(SHOWN)
    assert [question for question in OPTIONAL_QUESTIONS if f'href="{question_address(question)}"' not in page] == []
    for question in OPTIONAL_QUESTIONS:
        assert "checked" not in ready.get(question_address(question)).text, question


@pytest.mark.parametrize("question", ADDED)
def test_optional_answer_is_shown_and_can_be_changed_or_removed(question, ready):
    add(ready, question)

    page_with_answer = ready.get(CHECK).text
    again = ready.get(f"{question_address(question)}?change").text
    removed = ready.post(question_address(question), {"remove": "yes"})
    without = ready.get(CHECK).text

    assert SHOWN[question] in page_with_answer
    assert f'href="{question_address(question)}?change"' in page_with_answer
    assert f'href="{question_address(question)}"' not in page_with_answer
    assert "Remove this answer" in again
    assert f'href="{CHECK}"' in again
    assert removed["Location"] == CHECK
    assert SHOWN[question] not in without
    assert question not in Draft.objects.get().answers


def test_optional_answers_survive_other_changes(ready):
    add(ready)
    answer_question(ready, "name", {"name": "Joan"})

    page = ready.get(CHECK).text

    assert [words for words in SHOWN.values() if words not in page] == []
    assert "Through Nunhead cemetery" in ready.get(question_address("route")).text


@pytest.mark.parametrize("question", ADDED)
def test_optional_question_waits_for_the_required_questions(question, client, southwark):
    complete_questions(client, until="needs")

    response = client.get(question_address(question))

    assert response["Location"] == question_address("needs")


@pytest.mark.parametrize("question", ["name", "contact", "needs"])
def test_required_answer_cannot_be_removed(question, ready):
    ready.post(question_address(question), {"remove": "yes"})

    assert question in Draft.objects.get().answers


@pytest.mark.parametrize(
    ("question", "given", "sentence"),
    [
        ("route", {"route": " "}, "Enter where you’d like to walk"),
        ("route", {"route": "x" * 1001}, "Where to walk must be 1,000 characters or fewer"),
        ("about", {}, "Select what it’s about"),
        ("about", {"about": ["moonlight"]}, "Select one of the answers shown"),
        ("company", {"adults": "on"}, "Select how many people will come with you"),
        ("company", {"companions": "1"}, "Tick the box if everyone who’s coming with you is 18 or over"),
        ("company", {"companions": "3", "adults": "on"}, "No more than 2 people can come with you in this area"),
        ("passing-on", {}, "Select yes if we may pass it on"),
    ],
)
def test_optional_question_shows_errors_for_missing_answers(question, given, sentence, ready):
    response = answer_question(ready, question, given)

    assert response.status_code == 422
    assert sentence in response.text
    assert question not in Draft.objects.get().answers


def test_booking_keeps_every_optional_answer(ready, stranger):
    add(ready)

    booking = send(ready)

    contact = booking.contact
    assert (contact.route, contact.about, contact.companions) == (ROUTE, ["place", "people"], 2)
    assert (contact.may_share_with_partners, contact.accompanied) == (False, False)
    assert booking.nominated_inspector == stranger
    assert contact.pin_hmac
    assert not booking.needs_pin


def test_booking_without_optional_answers_keeps_none(ready):
    contact = send(ready).contact

    saved = (contact.route, contact.about, contact.companions, contact.may_share_with_partners, contact.accompanied)
    assert saved == ("", [], 0, None, False)
    assert contact.pin_hmac == ""
    assert contact.booking.nominated_inspector is None


def test_optional_pin_opens_the_page(ready, client):
    add(ready, "pin")
    booking = send(ready)

    response = client.post("/my-walk/", {"reference": booking.reference, "pin": "402817"})

    assert response["Location"].startswith("/my-walk/")
    assert len(response["Location"]) > 40


def test_first_email_contains_no_optional_answers(ready, stranger):
    add(ready)
    send(ready)

    message = Message.objects.get()

    for body in (message.text, message.html):
        assert "We have your request" in body
        hers = ("Peckham Rye", "Nunhead", "The place itself", "18 or over", "402817")
        assert not [words for words in hers if words in body]


def test_inspector_and_requester_read_the_optional_answers(ready, client, bcu):
    add(ready, "route", "about", "company", "passing-on")
    booking = send(ready)
    confirm_booking(booking)
    client.force_login(InspectorFactory(bcu=bcu))

    requester_page = client.get(reverse("triage:booking", args=[booking.pk])).text
    page = client.get(_get_page(booking)).text

    for words in ("Through Nunhead cemetery", "The place itself"):
        assert words in requester_page
        assert words in page
    assert "2 people, 18 or over" in requester_page
    assert "2 people" in page


def _get_page(booking):
    token = Link.objects.create_token(booking, Link.Purpose.PAGE, expires_at=in_days(30))
    return reverse("manage:page", args=[token])


@pytest.mark.parametrize(
    ("companions", "accompanied", "on_card", "on_walk"),
    [
        (0, False, "Nobody else", "Nobody else"),
        (1, False, "1 person you bring", "1 person, 18 or over"),
        (2, True, "Your parent, adult sister or guardian; 2 people you bring", "she is 16 or 17"),
    ],
)
def test_card_and_walk_page_name_the_companions(companions, accompanied, on_card, on_walk, officer, southwark, client):
    booking = scheduled_booking([officer], borough=southwark)
    BookingContact.objects.update(companions=companions, accompanied=accompanied)
    booking = Booking.objects.get()
    Walk.objects.update(start_at=in_days(1))
    client.force_login(officer)

    card = {line.name: line.text for line in WalkCard.of(booking).lines()}
    page = client.get(reverse("on_the_day:walk", args=[booking.walk.pk])).text

    assert card["also_coming"] == on_card
    assert on_walk in page


def test_companions_over_a_new_limit_are_asked_again(ready, bcu):
    add(ready, "company")
    BoroughCommandUnit.objects.filter(pk=bcu.pk).update(max_companions=1)

    response = ready.get(CHECK, follow=True)

    assert response.redirect_chain == [(question_address("company"), 302)]
    assert "No more than 1 person can come with you in this area" in response.text


def test_companions_are_not_offered_where_none_are_allowed(ready, bcu):
    add(ready, "company")
    BoroughCommandUnit.objects.filter(pk=bcu.pk).update(max_companions=0)

    page = ready.get(CHECK, follow=True)
    ready.post(question_address("company"), {"remove": "yes"})

    assert "Nobody can come with you in this area" in page.text
    assert f'href="{question_address("company")}"' not in ready.get(CHECK).text


def test_restricted_request_without_a_nominated_inspector_is_refused_and_kept(ready):
    add(ready, "restricted")

    response = ready.post(CHECK, send_form_data(ready))

    assert response.status_code == 422
    assert "0800 085 0000" in response.text
    assert not Booking.objects.exists()
    assert "restricted" in Draft.objects.get().answers


# --- Under 18 ---------------------------------------------------------------------------------------------------------


def girl(client, until=None, **other):
    """Answer as a girl under 18, up to the question `until`."""
    way = request_answers(age={"adult": "no"}, **other)
    way = {
        "start": way.pop("start"),
        "area": way.pop("area"),
        "age": way.pop("age"),
        "accompanied": {"together": "yes"},
        **way,
    }
    response = None
    for question, answers in way.items():
        if question == until:
            break
        response = answer_question(client, question, answers)
        assert response.status_code == 302, question
    return response


def test_girl_with_an_adult_can_ask_if_her_bcu_accepts_it(client, southwark, accepting):
    girl(client)

    page = client.get(CHECK).text
    booking = send(client)

    assert "A parent, adult sister or guardian" in page
    assert booking.contact.accompanied


@pytest.mark.parametrize("question", ["accompanied", "meeting-place", "when", "check", "route"])
def test_girl_cannot_continue_if_her_bcu_does_not_accept_it(question, client, southwark):
    girl(client, until="accompanied")

    for method in (client.get, client.post):
        response = method(question_address(question), {"together": "yes"}, follow=True)
        assert response.redirect_chain[-1] == ("/request/under-18/", 302)


def test_girl_alone_is_shown_other_help(client, southwark, accepting, bcu):
    WardFactory(gss="E05011113", name="Peckham", borough=southwark)
    girl(client, until="accompanied", area={"place": "SE15 4QL"})

    response = client.post(question_address("accompanied"), {"together": "no"}, follow=True)

    page = response.text
    assert response.redirect_chain == [("/request/under-18/", 302)]
    for words in ("The Central South neighbourhood policing team looks after Peckham, Southwark", bcu.duty_number):
        assert words in page
    assert "0800 1111" in page
    assert "police.uk/streetsafe" in page
    assert f'href="{question_address("accompanied")}"' in page
    assert client.get(question_address("meeting-place"))["Location"] == question_address("accompanied")


def test_under_18_page_without_an_area_names_101(client, db):
    page = client.get("/request/under-18/").text

    assert "tel:101" in page
    assert "neighbourhood policing team looks" not in page


def test_adult_is_never_asked_about_an_accompanying_adult(client, southwark, accepting):
    complete_questions(client, until="meeting-place")

    assert client.get(question_address("accompanied"))["Location"] == question_address("meeting-place")


def test_age_changed_to_adult_removes_the_accompanying_adult(client, southwark, accepting):
    girl(client)

    answer_question(client, "age", {"adult": "yes"})

    assert "adult sister" not in client.get(CHECK).text
    assert not send(client).contact.accompanied


def test_age_changed_to_under_18_asks_for_the_accompanying_adult(ready, accepting):
    response = answer_question(ready, "age", {"adult": "no"})

    assert response["Location"] == question_address("accompanied")
    assert ready.get(CHECK)["Location"] == question_address("accompanied")


def test_another_area_asks_again_whether_girls_may_come(client, southwark, camden, accepting):
    girl(client)

    response = answer_question(client, "area", {"place": "Camden"})

    assert response["Location"] == question_address("accompanied")
    assert client.get(question_address("accompanied"))["Location"] == "/request/under-18/"


def test_changed_rule_is_applied_on_sending(client, southwark, accepting, bcu):
    girl(client)
    BoroughCommandUnit.objects.filter(pk=bcu.pk).update(accepts_16_17=False)

    response = client.post(CHECK, send_form_data(client))

    assert response.status_code == 422
    assert "18 or over" in response.text
    assert not Booking.objects.exists()


def test_accompanied_booking_is_flagged_to_the_inspector(client, southwark, accepting, bcu):
    girl(client)
    booking = send(client)
    client.force_login(InspectorFactory(bcu=bcu))

    for page in (f"{reverse('triage:queue')}?state=open", reverse("triage:booking", args=[booking.pk])):
        assert "16 or 17, with an adult" in client.get(page).text
