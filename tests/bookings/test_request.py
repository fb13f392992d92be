"""She asks for a walk, page by page."""

import datetime
from concurrent.futures import ThreadPoolExecutor
from urllib.parse import urlsplit

import pytest
from django.conf import settings
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from bookings.models import Booking, Draft
from bookings.statuses import Channel, EventKind
from outbox.models import Message
from tests.support.drafts_and_messages import CHECK, press_send, send_form
from tests.support.factories import BoroughFactory, WardFactory
from walkandtalk.lib import london

START = "/request/"
SENT = "/request/sent/"


def wish(which, day, start="6:30pm"):
    return {
        f"{which}_date_day": day.day,
        f"{which}_date_month": day.month,
        f"{which}_date_year": day.year,
        f"{which}_start": start,
    }


def in_days(days):
    return london.today() + datetime.timedelta(days=days)


def answers(**other):
    """The shortest way through, question by question; a keyword replaces the answer to one."""
    straight = {
        "start": {"danger": "no"},
        "age": {"adult": "yes"},
        "area": {"how": "borough", "borough": "E09000028"},
        "meeting_place": {"how": "place", "place": "Peckham Rye station, main entrance"},
        "when": wish("first", in_days(10)),
        "name": {"name": "Maya"},
        "contact": {"channel": "full", "email": "maya@example.com"},
        "needs": {"needs": ["nothing"]},
    }
    return {question.replace("_", "-"): answer for question, answer in (straight | other).items()}


def address(question):
    return START if question == "start" else f"/request/{question}/"


def answer(client, question, given):
    return client.post(address(question), given)


def walk_through(client, until=None, **other):
    """Answer the questions in turn, as far as `until`, which stays unanswered."""
    response = None
    for question, given in answers(**other).items():
        if question == until:
            break
        response = answer(client, question, given)
        assert response.status_code == 302, (question, response.content.decode())
    return response


def text_of(response):
    return response.content.decode()


@pytest.fixture
def at(client, southwark):
    """A client that has answered everything before this question."""

    def go(question, **other):
        walk_through(client, until=question, **other)
        return client

    return go


# --- The whole way --------------------------------------------------------------------------------------------------


def test_request_leads_from_the_first_page_to_a_booking(client, southwark, django_capture_on_commit_callbacks):
    places = [START]
    for question, given in answers().items():
        page = client.get(places[-1])
        assert page.status_code == 200, places[-1]
        response = answer(client, question, given)
        places.append(response["Location"])
    with django_capture_on_commit_callbacks(execute=False):
        response = press_send(client)

    booking = Booking.objects.get()
    assert places == [START, *map(address, list(answers())[1:]), CHECK]
    assert response["Location"] == SENT
    assert booking.borough == southwark
    assert booking.contact.name == "Maya"
    assert booking.contact.email == "maya@example.com"
    assert booking.contact.meeting_place == "Peckham Rye station, main entrance"
    assert [(w.date, w.start) for w in booking.wishes.all()] == [(in_days(10), datetime.time(18, 30))]
    assert [event.kind for event in booking.events.all()] == [EventKind.REQUESTED]


@pytest.mark.parametrize(
    ("asked", "kept"), [("southwark", "southwark"), ("central-south", "central-south"), ("atlantis", ""), ("<b>", "")]
)
def test_request_keeps_the_poster_that_she_came_from(asked, kept, client, southwark):
    client.post(f"{START}?from={asked}", {"danger": "no"})
    for question, given in list(answers().items())[1:]:
        answer(client, question, given)
    press_send(client)

    assert Booking.objects.get().source == kept


def test_request_keeps_the_first_poster_while_she_is_at_it(client, southwark, camden):
    client.post(f"{START}?from=southwark", {"danger": "no"})
    client.post(f"{START}?from=camden", {"danger": "no"})

    assert Draft.objects.get().source == "southwark"


def test_request_keeps_everything_she_said(client, southwark):
    ward = WardFactory(gss="E05011113", borough=southwark)
    needs = {"needs": ["interpreter", "slower"], "needs_details": "Somali"}
    contact = {
        "channel": "discreet",
        "email": "maya@example.com",
        "phone": "07700 900123",
        "phone_rules": ["text", "voicemail"],
        "phone_times": "before 5pm",
    }
    when = wish("first", in_days(30)) | wish("third", in_days(32), "midday") | {"also": ["weekends"]}
    walk_through(
        client,
        until="needs",
        area={"how": "postcode", "postcode": "SE15 4QL"},
        meeting_place={"how": "suggest"},
        when=when,
        contact=contact,
    )
    answer(client, "pin", {"pin": "402817"})
    answer(client, "needs", needs)

    press_send(client)

    booking = Booking.objects.get()
    contact = booking.contact
    assert booking.ward == ward
    assert (booking.channel, booking.weekday_evenings, booking.weekends) == (Channel.DISCREET, False, True)
    assert [str(w) for w in booking.wishes.all()] == [
        f"{london.long_date(in_days(30))}, 6:30pm",
        f"{london.long_date(in_days(32))}, midday",
    ]
    assert contact.meeting_place == ""
    assert (contact.phone, contact.phone_rules, contact.phone_times) == (
        "07700 900123",
        ["text", "voicemail"],
        "before 5pm",
    )
    assert (contact.needs, contact.needs_details) == (["interpreter", "slower"], "Somali")
    assert contact.pin_hmac


def test_request_writes_to_her_once(client, southwark):
    walk_through(client)

    press_send(client)

    message = Message.objects.get()
    assert message.recipient == "maya@example.com"


def test_request_without_email_writes_to_nobody(client, southwark):
    walk_through(client, until="needs", contact={"channel": "none", "email": "maya@example.com"})
    answer(client, "pin", {"pin": "402817"})
    answer(client, "needs", {"needs": ["nothing"]})

    press_send(client)

    assert Booking.objects.get().contact.email == ""
    assert not Message.objects.exists()


@pytest.mark.parametrize("area", [{"borough": "E09000028"}, {"postcode": "SE15 4QL"}])
def test_request_asks_the_database_little(client, southwark, area):
    WardFactory(gss="E05011113", borough=southwark)
    walk_through(client, area=area)
    form = send_form(client)

    with CaptureQueriesContext(connection) as queries:
        client.post(CHECK, form)

    asked = [query["sql"] for query in queries if "SAVEPOINT" not in query["sql"]]
    assert len(asked) <= 12
    assert Booking.objects.exists()


@pytest.mark.parametrize("question", [*answers(), "check"])
def test_page_asks_the_database_little(at, question, django_assert_max_num_queries):
    client = at(question)
    client.get(START)  # from here on the statements are kept for a minute

    with django_assert_max_num_queries(2):
        response = client.get(address(question))

    assert response.status_code == 200


# --- The draft ------------------------------------------------------------------------------------------------------


def test_answers_cookie_is_out_of_reach_of_scripts(client, southwark):
    walk_through(client, until="age")

    cookie = client.cookies[settings.ANSWERS_COOKIE_NAME]
    assert (cookie["httponly"], cookie["samesite"], cookie["path"]) == (True, "Lax", "/")
    assert Draft.objects.open(cookie.value)


@pytest.mark.parametrize("question", ["age", "area", "when", "check"])
def test_question_without_answers_leads_to_the_start(client, db, question):
    response = client.get(address(question))

    assert response["Location"] == START


@pytest.mark.parametrize("question", ["when", "name", "contact", "needs", "pin", "check"])
def test_question_is_not_asked_before_those_before_it(at, question):
    client = at("meeting-place")

    response = client.get(address(question))

    assert response["Location"] == address("meeting-place")


def test_unknown_question_is_not_found(at):
    client = at("age")

    assert client.get("/request/shoe-size/").status_code == 404


@pytest.mark.parametrize("method", ["get", "post"])
def test_expired_answers_are_said_to_be_deleted(at, method):
    client = at("name")
    Draft.objects.update(expires_at=datetime.datetime(2026, 1, 1, tzinfo=datetime.UTC))

    response = getattr(client, method)(address("name"), {"name": "Maya"}, follow=True)

    assert response.redirect_chain == [("/request/timed-out/", 302)]
    assert "Your answers have been deleted" in text_of(response)


def test_answer_without_a_draft_is_said_to_be_deleted(client, db):
    response = answer(client, "name", {"name": "Maya"})

    assert response["Location"] == "/request/timed-out/"


def test_leaving_deletes_her_answers(at):
    client = at("name")

    client.get("/leave")

    assert not Draft.objects.exists()
    assert client.get(address("name"))["Location"] == START


def test_start_keeps_the_answers_of_somebody_who_went_back(at):
    client = at("name")

    response = answer(client, "start", {"danger": "no"})

    assert response["Location"] == address("name")
    assert Draft.objects.count() == 1


def test_start_begins_anew_once_a_request_was_sent(client, southwark):
    walk_through(client)
    press_send(client)

    response = answer(client, "start", {"danger": "no"})

    assert response["Location"] == address("age")
    assert Booking.objects.count() == 1


def test_questions_keep_what_was_answered(at):
    client = at("contact")

    assert 'value="Maya"' in text_of(client.get(address("name")))
    assert "Peckham Rye station, main entrance" in text_of(client.get(address("meeting-place")))
    assert 'value="6:30pm"' in text_of(client.get(address("when")))


# --- Where the form ends --------------------------------------------------------------------------------------------


def test_danger_ends_the_form(at):
    client = at("name")

    response = client.post(START, {"danger": "yes"}, follow=True)

    assert response.redirect_chain == [("/request/danger/", 302)]
    assert "press <strong>55</strong>" in text_of(response)
    assert "999bsl.co.uk" in text_of(response)
    assert not Draft.objects.exists()
    assert client.get(address("age"))["Location"] == START


def test_under_18_is_shown_another_way_and_no_further_question(at):
    client = at("age")

    asked = client.post(address("age"), {"adult": "no"})
    response = client.post(address("area"), {"how": "borough", "borough": "E09000028"}, follow=True)

    assert asked["Location"] == address("area")
    assert response.redirect_chain == [("/request/accompanied/", 302), ("/request/under-18/", 302)]
    assert "0800 1111" in text_of(response)
    assert client.get(address("meeting-place"))["Location"] == address("accompanied")


def test_postcode_outside_london_is_told_where(at):
    client = at("area")

    response = client.post(address("area"), {"how": "postcode", "postcode": "KT22 7TT"}, follow=True)

    assert response.redirect_chain == [("/request/not-london/", 302)]
    assert "Surrey Police" in text_of(response)
    assert client.get(address("meeting-place"))["Location"] == address("area")


def test_postcode_in_scotland_is_told_where(at):
    client = at("area")

    response = client.post(address("area"), {"how": "postcode", "postcode": "EH1 1YZ"}, follow=True)

    assert response.redirect_chain == [("/request/not-london/", 302)]


@pytest.mark.parametrize(
    "given", [{"how": "postcode", "postcode": "EC2V 7HH"}, {"how": "borough", "borough": "E09000001"}]
)
def test_city_is_shown_its_own_walks(at, given):
    BoroughFactory(gss="E09000001", slug="city-of-london", name="City of London", bcu=None)
    client = at("area")

    response = client.post(address("area"), given, follow=True)

    assert response.redirect_chain == [("/request/city/", 302)]
    assert "City of London Police" in text_of(response)


# --- The area -------------------------------------------------------------------------------------------------------


def test_postcode_is_not_kept(at):
    client = at("area")

    response = answer(client, "area", {"how": "postcode", "postcode": "se1 9sg"})

    kept = Draft.objects.get().answers["area"]
    assert response["Location"] == address("meeting-place")
    assert kept["borough"] == "E09000028"
    assert set(kept) == {"borough", "ward"}
    assert "9SG" not in text_of(client.get(address("area"))).upper()


@pytest.mark.parametrize(
    ("given", "sentence"),
    [
        ({}, "Choose how you would like to tell us the area"),
        ({"how": "borough"}, "Choose a borough"),
        ({"how": "borough", "borough": "E99"}, "Choose one of the answers shown"),
        ({"how": "postcode"}, "Enter a postcode"),
        ({"how": "postcode", "postcode": "SE15"}, "Enter a full postcode, like SE15 4QL"),
        ({"how": "postcode", "postcode": "ZZ1 1AA"}, "We cannot find this postcode"),
        ({"how": "postcode", "postcode": "x" * 10_000}, "Enter a full postcode, like SE15 4QL"),
    ],
)
def test_area_says_what_is_missing(at, given, sentence):
    client = at("area")

    response = answer(client, "area", given)

    assert response.status_code == 422
    assert sentence in text_of(response)
    assert "area" not in Draft.objects.get().answers


def test_area_keeps_the_postcode_as_typed_on_the_page_of_the_error_only(at):
    client = at("area")

    response = answer(client, "area", {"how": "postcode", "postcode": "SE15 4"})

    assert 'value="SE15 4"' in text_of(response)


@pytest.mark.parametrize("given", [{"borough": "E09000028"}, {"postcode": "SE15 4QL"}])
def test_area_understands_a_filled_box_without_its_radio(at, given):
    client = at("area")

    response = answer(client, "area", given)

    assert response["Location"] == address("meeting-place")


def test_not_sure_finds_the_borough_by_a_place(at):
    client = at("area")

    leads_to = answer(client, "area", {"how": "not_sure"})["Location"]
    found = client.post(leads_to, {"place": "Peckham Rye", "searched": ""})
    response = client.post(leads_to, {"place": "Peckham Rye", "searched": "Peckham Rye", "found": _first_value(found)})

    assert leads_to == address("not-sure")
    assert found.status_code == 200
    assert response["Location"] == address("meeting-place")
    assert Draft.objects.get().answers["area"]["borough"] == "E09000028"


def test_not_sure_takes_what_was_picked_from_the_list_without_asking_again(at):
    client = at("area")
    answer(client, "area", {"how": "not_sure"})

    response = client.post(address("not-sure"), {"place": "Rye Lane, Southwark", "picked": "Rye Lane, Southwark"})

    assert response["Location"] == address("meeting-place")
    assert Draft.objects.get().answers["area"]["borough"] == "E09000028"


@pytest.mark.parametrize(
    ("place", "picked"),
    [
        ("Rye Lane, Southwark", ""),  # typed, and nothing picked
        ("Rye Lane", "Rye Lane, Southwark"),  # picked, and then changed
        ("Rye", "Rye"),  # no such line in the list
    ],
)
def test_not_sure_asks_which_place_where_none_was_picked(at, place, picked):
    client = at("area")
    answer(client, "area", {"how": "not_sure"})

    response = client.post(address("not-sure"), {"place": place, "picked": picked})

    assert response.status_code == 200
    assert "Which of these is it?" in text_of(response)


def test_not_sure_picked_in_the_city_leads_to_its_own_force(at):
    client = at("area")
    answer(client, "area", {"how": "not_sure"})

    response = client.post(address("not-sure"), {"place": "City of London", "picked": "City of London"})

    assert response["Location"] == address("city")


def _first_value(response):
    form = response.context["form"]
    return form.fields["found"].choices[0][0]


@pytest.mark.parametrize(
    ("given", "sentence"),
    [
        ({"place": ""}, "Enter the name of a place"),
        ({"place": "Xyzzyville"}, "We cannot find a place of that name in London"),
        ({"place": "p" * 10_000}, "Name of the place must be 100 characters or fewer"),
        ({"place": "Peckham", "searched": "Peckham"}, "Choose one of these places"),
        ({"place": "Peckham", "searched": "Peckham", "found": "E09000001:"}, "Choose one of the answers shown"),
    ],
)
def test_not_sure_says_what_is_missing(at, given, sentence):
    client = at("area")

    response = client.post(address("not-sure"), given)

    assert response.status_code == 422
    assert sentence in text_of(response)


def test_another_borough_asks_again_where_to_meet(at, camden):
    client = at("name")

    response = answer(client, "area", {"how": "borough", "borough": camden.gss})

    assert response["Location"] == address("meeting-place")
    assert "Peckham" not in text_of(client.get(address("meeting-place")))


def test_another_borough_asks_again_for_times_that_it_does_not_allow(at, camden):
    camden.bcu.notice_days = 20
    camden.bcu.save()
    client = at("check")
    answer(client, "area", {"how": "borough", "borough": camden.gss})
    answer(client, "meeting-place", {"how": "suggest"})

    response = client.get(CHECK, follow=True)

    assert response.redirect_chain == [(address("when"), 302)]
    assert "First choice must be between" in text_of(response)


# --- Where and when -------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("given", "sentence"),
    [
        ({}, "Choose if you have a place in mind"),
        ({"how": "place"}, "Enter a meeting place, or ask us to suggest one"),
        ({"how": "place", "place": " \n "}, "Enter a meeting place, or ask us to suggest one"),
        ({"how": "place", "place": "x" * 10_000}, "Meeting place must be 500 characters or fewer"),
    ],
)
def test_meeting_place_says_what_is_missing(at, given, sentence):
    client = at("meeting-place")

    response = answer(client, "meeting-place", given)

    assert response.status_code == 422
    assert sentence in text_of(response)
    assert given.get("place", "").strip() in text_of(response)
    assert "meeting-place" not in Draft.objects.get().answers


def test_meeting_place_suggests_places_of_the_borough(at):
    page = text_of(at("meeting-place").get(address("meeting-place")))

    assert "Peckham Library" in page or "London Bridge" in page


CLOCKS = "Choose another time"


@pytest.mark.parametrize(
    ("given", "sentence"),
    [
        ({}, "First choice must include a date"),
        ({"first_start": "6:30pm"}, "First choice must include a date"),
        (wish("first", in_days(10), ""), "First choice must include a time"),
        (wish("first", in_days(10), "after work"), "First choice must be a time, like 6:30pm"),
        (wish("first", in_days(10), "3am"), "First choice must start between 7am and 10pm"),
        (wish("first", in_days(-1)), "First choice must be between"),
        (wish("first", in_days(4)), "First choice must be between"),
        (wish("first", in_days(57)), "First choice must be between"),
        (
            {"first_date_day": "29", "first_date_month": "2", "first_date_year": "2027", "first_start": "6pm"},
            "First choice must be a real date",
        ),
        (wish("first", datetime.date(2027, 3, 28), "1:30am"), "1:30am does not exist"),
        (wish("first", datetime.date(2027, 10, 31), "1:30am"), "1:30am happens twice"),
        (wish("first", in_days(10)) | wish("second", in_days(10)), "Second choice must be another day or time"),
        (wish("first", in_days(10)) | wish("second", in_days(11), ""), "Second choice must include a time"),
        (wish("first", in_days(10)) | {"third_start": "6pm"}, "Third choice must include a date"),
        (wish("first", in_days(10)) | {"also": ["never"]}, "Choose one of the answers shown"),
        (wish("first", in_days(10), "6" * 10_000), "First choice must be a time, like 6:30pm"),
    ],
)
def test_when_says_what_is_wrong(at, given, sentence):
    client = at("when")

    response = answer(client, "when", given)

    assert response.status_code == 422
    assert sentence in text_of(response)
    assert "when" not in Draft.objects.get().answers


@pytest.mark.parametrize("days", [5, 56])
def test_when_takes_the_first_and_the_last_day(at, days):
    response = answer(at("when"), "when", wish("first", in_days(days)))

    assert response["Location"] == address("name")


@pytest.mark.parametrize("start", ["7am", "10pm"])
def test_when_takes_the_earliest_and_the_latest_start(at, start):
    response = answer(at("when"), "when", wish("first", in_days(10), start))

    assert response["Location"] == address("name")


def test_when_shows_sunsets_without_javascript(at):
    page = text_of(at("when").get(address("when")))

    first = in_days(5)
    assert f"{london.long_date(first)}: about {london.clock(london.sunset(first))}" in page


# --- Who she is -----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", ["مريم العلي", "Zoë O’Brien-Smith", "🌙 Maya 🌙", "<b>Maya</b>", "{{ 7 }}", "null"])
def test_name_may_be_any_name(at, name):
    client = at("name")

    answer(client, "name", {"name": name})
    answer(client, "contact", answers()["contact"])
    answer(client, "needs", answers()["needs"])
    page = text_of(client.get(CHECK))
    press_send(client)

    assert Booking.objects.get().contact.name == name
    assert "<b>Maya</b>" not in page


@pytest.mark.parametrize(
    ("name", "sentence"),
    [(" ", "Enter what we shall call you"), ("x" * 10_000, "Name must be 100 characters or fewer")],
)
def test_name_says_what_is_wrong(at, name, sentence):
    client = at("name")

    response = answer(client, "name", {"name": name})

    assert response.status_code == 422
    assert sentence in text_of(response)
    assert name.strip() in text_of(response)


@pytest.mark.parametrize("name", ["Ma%00ya", "Ma%ED%A0%80ya"])
def test_text_that_no_keyboard_makes_is_refused(at, name):
    client = at("name")

    response = client.post(address("name"), f"name={name}", content_type="application/x-www-form-urlencoded")

    assert response.status_code == 400
    assert "name" not in Draft.objects.get().answers


LONG_EMAIL = f"maya@{'.'.join(['a' * 60] * 4)}.example.com"
EMAIL = {"channel": "full", "email": "maya@example.com"}


@pytest.mark.parametrize(
    ("given", "sentence"),
    [
        ({}, "Choose how we may email you"),
        ({"channel": "full"}, "Enter your email address, or choose “Do not email me”"),
        ({"channel": "discreet", "email": ""}, "Enter your email address, or choose “Do not email me”"),
        ({"channel": "full", "email": "maya"}, "Enter an email address in the right form"),
        ({"channel": "full", "email": "a" * 10_000 + "@example.com"}, "Enter an email address in the right form"),
        (
            {"channel": "full", "email": LONG_EMAIL},
            "Email address must be 254 characters or fewer",
        ),
        (EMAIL | {"phone": "call me"}, "Enter a phone number, like"),
        (EMAIL | {"phone": "0770"}, "Enter a phone number, like"),
        (EMAIL | {"phone": "0" * 10_000}, "Phone number must be 40 characters or fewer"),
        (EMAIL | {"phone": "07700 900123"}, "Choose what we may do with your phone number"),
        (EMAIL | {"phone_times": "x" * 10_000}, "Best times must be 200 characters or fewer"),
    ],
)
def test_contact_says_what_is_missing(at, given, sentence):
    client = at("contact")

    response = answer(client, "contact", given)

    assert response.status_code == 422
    assert sentence in text_of(response)
    assert "contact" not in Draft.objects.get().answers


@pytest.mark.parametrize("phone", ["07700 900123", "+44 20 7946 0123", "+33 6 12 34 56 78", "020-7946 0123"])
def test_contact_keeps_a_phone_number_as_typed(at, phone):
    client = at("contact")

    answer(client, "contact", EMAIL | {"phone": phone, "phone_rules": ["text"]})

    assert Draft.objects.get().answers["contact"]["phone"] == phone


def test_contact_says_what_a_lock_screen_would_show(at):
    page = text_of(at("contact").get(address("contact")))

    assert "from “Walk and Talk”" in page
    assert "from “Appointments”, subject like “Your appointment”" in page


@pytest.mark.parametrize("channel", ["discreet", "none"])
def test_contact_of_who_may_be_overlooked_leads_to_a_pin(at, channel):
    response = answer(at("contact"), "contact", {"channel": channel, "email": "maya@example.com"})

    assert response["Location"] == address("pin")


@pytest.mark.parametrize("pin", ["", "1234", "12345a", "000000", "123456", "654321", "121212", "123123", "9" * 10_000])
def test_pin_is_refused_when_it_is_short_or_easy(at, pin):
    client = at("contact")
    answer(client, "contact", {"channel": "none"})

    response = answer(client, "pin", {"pin": pin})

    assert response.status_code == 422
    assert "PIN" in text_of(response)
    assert "pin" not in Draft.objects.get().answers


def test_pin_is_never_shown_again(client, southwark):
    walk_through(client, until="needs", contact={"channel": "none"})
    answer(client, "pin", {"pin": "40 28 17"})
    answer(client, "needs", {"needs": ["nothing"]})

    shown = text_of(client.get(address("pin"))) + text_of(client.get(CHECK))

    assert "402817" not in shown
    assert "Chosen. We do not show it." in shown


@pytest.mark.parametrize(
    ("given", "sentence"),
    [
        ({}, "Choose what you need, or ‘Nothing, I am fine’"),
        ({"needs": ["bsl", "nothing"]}, "but not both"),
        ({"needs": ["interpreter"]}, "Enter the language"),
        ({"needs": ["other"]}, "Enter what else you need"),
        ({"needs": ["a pony"]}, "Choose one of the answers shown"),
        ({"needs": ["bsl"], "needs_details": "x" * 10_000}, "must be 1,000 characters or fewer"),
    ],
)
def test_needs_says_what_is_missing(at, given, sentence):
    client = at("needs")

    response = answer(client, "needs", given)

    assert response.status_code == 422
    assert sentence in text_of(response)
    assert "needs" not in Draft.objects.get().answers


# --- Check and send -------------------------------------------------------------------------------------------------


def test_check_shows_each_wish_with_its_weekday_and_sunset(client, southwark):
    walk_through(client)

    page = text_of(client.get(CHECK))

    day = in_days(10)
    assert f"{london.long_date(day)}, 6:30pm. It gets dark about {london.clock(london.sunset(day))}." in page


def test_check_offers_to_change_each_answer_and_comes_back(client, southwark):
    walk_through(client)
    changes = [row["actions"]["items"][0]["href"] for row in client.get(CHECK).context["rows"]]

    pages = {client.get(change) for change in changes}
    response = client.post("/request/name/?change", {"name": "May"})

    assert all(page.status_code == 200 and f'href="{CHECK}"' in text_of(page) for page in pages)
    assert response["Location"] == CHECK
    assert "May" in text_of(client.get(CHECK))


def test_check_leads_to_the_pin_once_she_chooses_discreet_email(client, southwark):
    walk_through(client)

    response = client.post("/request/contact/?change", {"channel": "discreet", "email": "maya@example.com"})

    assert response["Location"] == address("pin")
    assert press_send(client)["Location"] == address("pin")
    assert not Booking.objects.exists()


def test_check_sends_once_however_often_it_is_pressed(client, southwark):
    walk_through(client)
    form = send_form(client)

    places = [client.post(CHECK, form)["Location"] for _ in range(3)]

    assert places == [SENT] * 3
    assert Booking.objects.count() == 1
    assert Message.objects.count() == 1


@pytest.mark.django_db(transaction=True)
def test_check_pressed_20_times_at_once_makes_one_booking(southwark):
    client = Client()
    walk_through(client)
    cookies, form = client.cookies, send_form(client)

    def press(_number):
        tab = Client()
        tab.cookies = cookies
        try:
            return tab.post(CHECK, form)["Location"]
        finally:
            connection.close()

    with ThreadPoolExecutor(20) as pool:
        places = list(pool.map(press, range(20)))

    assert places == [SENT] * 20
    assert Booking.objects.count() == 1
    assert Message.objects.count() == 1


def test_answer_from_another_tab_after_sending_leads_to_the_sent_page(client, southwark):
    walk_through(client)
    press_send(client)

    response = answer(client, "name", {"name": "Somebody else"})

    assert response["Location"] == SENT
    assert Draft.objects.get().answers == {}


def test_sent_says_what_happens_next_and_by_when(client, southwark):
    walk_through(client)

    page = text_of(press_send(client, follow=True))

    booking, message = Booking.objects.get(), Message.objects.get()
    assert booking.spoken_reference in page
    assert f"We will answer by <strong>{london.long_date(booking.answer_due_at)}</strong>" in page
    assert "We have written to <strong>maya@example.com</strong> from <strong>Walk and Talk</strong>" in page
    assert f"“{message.subject}”" in page


def test_sent_tells_who_gets_no_email_how_to_hear(client, southwark):
    walk_through(client, until="needs", contact={"channel": "none"})
    answer(client, "pin", {"pin": "402817"})
    answer(client, "needs", {"needs": ["nothing"]})

    page = text_of(press_send(client, follow=True))

    assert "We will not email you." in page
    assert "Keep your reference and your PIN" in page


def test_sent_is_for_her_alone(client, southwark):
    walk_through(client)
    press_send(client)

    response = Client().get(SENT)

    assert response["Location"] == "/request/timed-out/"


def test_sent_before_sending_leads_back_to_the_questions(at):
    response = at("name").get(SENT)

    assert response["Location"] == address("name")


def test_answers_never_stand_in_an_address(client, southwark):
    for question, given in answers().items():
        response = answer(client, question, given)
        assert not urlsplit(response["Location"]).query
