"""Bookings that an inspector makes for a requester by phone or in person."""

import datetime
import uuid
from concurrent.futures import ThreadPoolExecutor

import pytest
import time_machine
from django.core.exceptions import PermissionDenied
from django.db import connections
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from bookings.manage.actions import PinWrong, open_by_reference
from bookings.manage.pins.actions import choose_pin, issue_first_pin
from bookings.models.bookings import Booking
from bookings.models.drafts import Draft
from bookings.phone_bookings.actions import save_phone_answers
from bookings.request_form.actions import PhoneBooking, request_booking
from bookings.request_form.questions import booking_request
from bookings.statuses import Channel, EventKind, StaffBookingMethod
from outbox.models import Message
from tests.support.factories import InspectorFactory
from tests.support.form_data import phone_booking_data
from tests.support.request_form import date_in_days, times_in_boxes
from walkandtalk.lib import london
from walkandtalk.lib.errors import ActionError

pytestmark = pytest.mark.django_db

NEW = "/staff/bookings/new/"
ALONE = {"contact-channel": "none", "contact-email": ""}


@pytest.fixture
def inspector_client(client, inspector):
    client.force_login(inspector)
    return client


def open_read_back(client, borough, *, days=10, first=None, second=None):
    """Return the address of the read-back page, after both pages of answers."""
    first_page, second_page = phone_booking_data(borough, days=days)
    answer = client.post(NEW, first_page | (first or {}))
    assert answer.status_code == 302, answer.text
    answer = client.post(answer.url, second_page | (second or {}))
    assert answer.status_code == 302, answer.text
    return answer.url


def send_booking(client, borough, *, spoken=True, **typed):
    page = open_read_back(client, borough, **typed)
    answer = client.post(page, {"spoken": "on"} if spoken else {})
    assert answer.status_code == 302, answer.text
    return Booking.objects.latest("asked_at"), answer.url


def test_phone_booking_is_read_back_and_sent(inspector_client, southwark, inspector):
    second = {
        "needs-needs": ["step_free"],
        "needs-needs_details": "I use a stick.",
        "more-route": "Through the park",
        "more-companions": "1",
        "more-about": ["people"],
    }
    page = open_read_back(inspector_client, southwark, second=second)
    read_back = inspector_client.get(page).text
    booking, sent_page = send_booking(inspector_client, southwark, second=second)

    for words in ("Rita Rings", "rita@example.com", "07700 900321", "You can call me", "Step-free", "6:30pm"):
        assert words in read_back
    assert (booking.bcu, booking.staff_booking_method, booking.contact.name) == (
        inspector.bcu,
        "phone",
        "Rita Rings",
    )
    contact = booking.contact
    assert (contact.route, contact.companions, contact.about) == ("Through the park", 1, ["people"])
    request_event, confirmation_event = booking.events.all()
    assert (request_event.kind, request_event.by, request_event.code) == (EventKind.REQUESTED, inspector, "phone")
    assert (confirmation_event.kind, confirmation_event.by) == (EventKind.CONFIRMED, inspector)
    assert booking.spoken_reference in inspector_client.get(sent_page).text
    history = inspector_client.get(reverse("triage:booking", args=[booking.pk])).text
    assert "Asked for a walk, by phone" in history
    assert "By phone: a colleague wrote it down for her" in history


@pytest.mark.parametrize("spoken", [True, False])
def test_first_message_to_an_address_that_a_colleague_typed_repeats_nothing_and_asks(
    spoken, inspector_client, southwark
):
    booking, _done = send_booking(inspector_client, southwark, spoken=spoken)

    message = Message.objects.get()
    for text in (message.text, message.html):
        assert "Yes, this was me" in text
        assert "What you asked for" not in text
        assert "6:30pm" not in text
        assert booking.contact.name not in text
    assert (booking.confirmed_at is not None) is spoken


def test_phone_booking_without_email_has_no_address_to_doubt(inspector_client, southwark):
    nothing = {"contact-channel": "none", "contact-email": ""}
    booking, _done = send_booking(inspector_client, southwark, first=nothing)

    assert booking.confirmed_at is not None
    assert booking.contact.address_unconfirmed_since is None


@pytest.mark.parametrize(
    ("first", "spoken", "confirmed"),
    [
        ({}, True, True),
        ({}, False, False),
        ({"phone_booking-how": "met", "contact-phone": "", "contact-phone_rules": []}, True, True),
        ({"contact-phone_rules": ["text"]}, True, False),
        ({"contact-phone": "", "contact-phone_rules": []}, True, False),
    ],
)
def test_phone_booking_is_confirmed_on_an_allowed_number_or_in_person(
    first, spoken, confirmed, inspector_client, southwark
):
    booking, _done = send_booking(inspector_client, southwark, first=first, spoken=spoken)

    assert (booking.confirmed_at is not None) is confirmed


@pytest.mark.parametrize(("rules", "confirmed"), [(["call"], True), (["text"], False)])
def test_request_booking_checks_whether_calls_are_allowed(rules, confirmed, inspector, southwark):
    contact = {"channel": "full", "email": "rita@example.com", "phone": "07700 900321", "phone_times": ""}
    answers = {**written_answers(southwark), "contact": {**contact, "phone_rules": rules}}
    draft = save_phone_answers(uuid.uuid4(), by=inspector, answers=answers)
    phone_booking = PhoneBooking(by=inspector, how=StaffBookingMethod.PHONE, spoken=True)

    booking = request_booking(draft, request=booking_request(draft.answers), phone_booking=phone_booking)

    assert (booking.confirmed_at is not None) is confirmed


def test_sending_twenty_times_concurrently_makes_one_booking(transactional_db, inspector_client, southwark, inspector):
    page = open_read_back(inspector_client, southwark)

    def press(_n):
        try:
            browser = Client()
            browser.force_login(inspector)
            return browser.post(page, {"spoken": "on"}).status_code
        finally:
            connections.close_all()

    with ThreadPoolExecutor(20) as crowd:
        answers = list(crowd.map(press, range(20)))

    assert answers == [302] * 20
    assert Booking.objects.count() == 1
    assert Message.objects.count() == 1


def test_first_page_sent_again_makes_one_draft(inspector_client, southwark):
    first, _second = phone_booking_data(southwark)

    pages = {inspector_client.post(NEW, first).url for _ in range(3)}

    assert len(pages) == Draft.objects.count() == 1


def test_errors_lose_no_answers(inspector_client, southwark):
    first, second = phone_booking_data(southwark)
    error_response = inspector_client.post(NEW, first | {"contact-email": "rita(at)example.com", "age-adult": ""})
    page = inspector_client.post(NEW, first).url
    second_error_response = inspector_client.post(
        page, second | {"when-first_start": "half past", "more-route": "Through the park"}
    )

    assert (error_response.status_code, second_error_response.status_code) == (422, 422)
    for words in ("07700 900321", "rita(at)example.com"):
        assert f'value="{words}"' in error_response.text
    for words in ('value="Rita Rings"', 'value="half past"', "Through the park</textarea>"):
        assert words in second_error_response.text
    for page in (error_response.text, second_error_response.text):
        assert all(f'id="{target}"' in page for target in error_targets(page))


def error_targets(page):
    summary = page[page.index("govuk-error-summary__list") :].partition("</ul>")[0]
    targets = [part.partition('"')[0] for part in summary.split('href="#')[1:]]
    assert targets
    return targets


def test_change_begins_with_the_saved_answers(inspector_client, southwark):
    page = open_read_back(inspector_client, southwark, second={"more-route": "Through the park"})
    of = page.split("/")[-3]

    assert 'value="rita@example.com"' in inspector_client.get(f"{NEW}?of={of}").text
    page_text = inspector_client.get(f"{NEW}{of}/").text
    assert 'value="Rita Rings"' in page_text
    assert "Through the park</textarea>" in page_text
    assert 'value="6:30pm"' in page_text
    inspector_client.post(f"{NEW}{of}/", phone_booking_data(southwark)[1])
    assert "Through the park" not in inspector_client.get(page).text


def test_danger_stops_the_booking(inspector_client, southwark):
    first, _second = phone_booking_data(southwark)

    answer = inspector_client.post(NEW, first | {"start-danger": "yes"})

    assert answer.status_code == 422
    assert "treat this as an emergency call" in answer.text
    assert not Draft.objects.exists()


def test_booking_for_a_girl_needs_a_team_that_accepts_girls(inspector_client, southwark, bcu):
    first, second = phone_booking_data(southwark)
    refused = inspector_client.post(NEW, first | {"age-adult": "no"})
    bcu.accepts_16_17 = True
    bcu.save()
    page = inspector_client.post(NEW, first | {"age-adult": "no"}).url
    alone = inspector_client.post(page, second | {"accompanied-together": "no"})
    together = inspector_client.post(page, second | {"accompanied-together": "yes"})

    assert "Childline" in refused.text
    assert (refused.status_code, alone.status_code, together.status_code) == (422, 422, 302)


def test_tap_adds_a_time_and_asks_nothing_of_the_other_questions(inspector_client, southwark):
    first, second = phone_booking_data(southwark)
    page = inspector_client.post(NEW, first).url
    day = date_in_days(12)
    picked = {"when-day": day.isoformat(), "when-part": "evening", "name-name": "Rita Rings"}

    added = inspector_client.post(page, picked)
    without_day = inspector_client.post(page, picked | {"when-day": ""})
    done = inspector_client.post(page, second | times_in_boxes(added.text))

    assert (added.status_code, without_day.status_code) == (200, 422)
    assert [line["text"] for line in without_day.context["error_summary"]] == ["Select a day"]
    assert 'value="Rita Rings"' in added.text
    assert f"{london.long_date(day)}, evening, 5pm to 8pm" in inspector_client.get(done.url).text


# --- Rules and other BCUs ---------------------------------------------------------------------------------------------


def test_notice_of_the_inspectors_own_bcu_only_warns(inspector_client, southwark):
    page = open_read_back(inspector_client, southwark, days=2)
    text = inspector_client.get(page).text
    booking, _done = send_booking(inspector_client, southwark, days=1)

    assert "Choice 1 would usually be between" in text
    assert timezone.now() < booking.answer_due_at < booking.walk_needed_at


def test_past_time_is_refused(inspector_client, southwark):
    first, second = phone_booking_data(southwark, days=-1)
    page = inspector_client.post(NEW, first).url

    assert "First choice must be a time to come" in inspector_client.post(page, second).text


@pytest.mark.parametrize("reason", ["restricted", "another"])
def test_rules_of_another_bcu_or_a_restricted_booking_apply(reason, inspector_client, southwark, camden, stranger):
    borough = camden if reason == "another" else southwark
    first, second = phone_booking_data(borough, days=2)
    page = inspector_client.post(NEW, first).url
    extra_answers = {"more-restricted": "on"} if reason == "restricted" else {}

    answer = inspector_client.post(page, second | extra_answers)

    assert answer.status_code == 422
    assert "First choice must be between" in answer.text


def test_request_booking_applies_the_rules_of_another_bcu(inspector, camden, southwark):
    draft = Draft.objects.start_phone_booking(uuid.uuid4(), by=inspector)
    draft.save_answers(written_answers(camden))
    request = booking_request(draft.answers)

    with pytest.raises(ActionError, match="isn’t possible"):
        request_booking(draft, request=request, phone_booking=PhoneBooking(by=inspector, how="phone", spoken=True))


def written_answers(borough):
    tomorrow = (london.today() + datetime.timedelta(days=1)).isoformat()
    return {
        "start": {"danger": "no"},
        "phone_booking": {"how": "phone"},
        "age": {"adult": "yes"},
        "area": {"borough": borough.gss, "ward": ""},
        "meeting-place": {"how": "suggest", "place": "", "map_point": None},
        "when": {"preferred_times": [[tomorrow, "18:30"]], "also": []},
        "name": {"name": "Rita"},
        "contact": {"channel": "none", "email": "", "phone": "", "phone_rules": [], "phone_times": ""},
        "needs": {"needs": [], "needs_details": ""},
    }


def test_booking_for_another_bcu_is_sent_there(inspector_client, southwark, camden, stranger, client):
    first, _second = phone_booking_data(camden)
    text = inspector_client.get(inspector_client.post(NEW, first).url).text
    page = open_read_back(inspector_client, camden)
    button = inspector_client.get(page).text
    booking, sent_page = send_booking(inspector_client, camden)

    assert "Central North looks after that place." in text
    assert "Send it to Central North" in button
    assert booking.bcu == camden.bcu
    assert booking.spoken_reference in inspector_client.get(sent_page).text
    assert inspector_client.get(reverse("triage:booking", args=[booking.pk])).status_code == 404
    assert Booking.objects.visible_to(stranger).get() == booking


def test_restricted_booking_is_hidden_from_the_inspector_and_she_is_warned(
    inspector_client, southwark, inspector, stranger
):
    page = open_read_back(inspector_client, southwark, second={"more-restricted": "on"})
    text = inspector_client.get(page).text
    booking, sent_page = send_booking(inspector_client, southwark, second={"more-restricted": "on"})

    assert "You won’t see it again" in text
    assert (booking.nominated_inspector, booking.bcu) == (stranger, southwark.bcu)
    assert not Booking.objects.visible_to(inspector).exists()
    assert booking.spoken_reference in inspector_client.get(sent_page).text
    assert str(booking.pk) not in inspector_client.get(sent_page).text
    with time_machine.travel(timezone.now() + datetime.timedelta(minutes=61)):
        later = Client()
        later.force_login(inspector)
        assert later.get(sent_page).status_code == 404


# --- Access to drafts -------------------------------------------------------------------------------------------------


def test_draft_is_visible_to_its_inspector_only(inspector_client, southwark, inspector):
    page = open_read_back(inspector_client, southwark)
    of = page.split("/")[-3]
    colleague = Client()
    colleague.force_login(InspectorFactory(bcu=inspector.bcu))
    first, second = phone_booking_data(southwark)

    assert colleague.get(page).status_code == 404
    assert colleague.post(page).status_code == 404
    assert colleague.get(f"{NEW}{of}/").status_code == 404
    assert colleague.post(f"{NEW}{of}/", second).status_code == 404
    assert colleague.post(NEW, first | {"of": of}).status_code == 404
    assert "rita" not in colleague.get(f"{NEW}?of={of}").text
    assert not Booking.objects.exists()


def test_requesters_own_draft_is_not_found(inspector_client, southwark):
    draft, _cookie = Draft.objects.start()
    first, _second = phone_booking_data(southwark)

    assert inspector_client.post(NEW, first | {"of": str(draft.pk)}).status_code == 404
    draft.refresh_from_db()
    assert draft.answers == {}


def test_browser_keeps_nothing_personal(inspector_client, southwark):
    page = open_read_back(inspector_client, southwark)

    answer = inspector_client.get(page)

    assert "no-store" in answer["Cache-Control"]
    browser_data = str(inspector_client.cookies) + str(dict(inspector_client.session)) + page
    assert not [word for word in ("Rita", "rita", "900321") if word in browser_data]


# --- The first PIN ----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("channel", [Channel.DISCREET, Channel.NONE])
def test_requester_who_needs_a_pin_gets_a_one_time_pin(channel, inspector_client, southwark, client):
    first = ALONE if channel == Channel.NONE else {"contact-channel": channel}
    booking, sent_page = send_booking(inspector_client, southwark, first=first)
    offered = inspector_client.get(sent_page).text
    page = inspector_client.post(sent_page.replace("/sent/", "/pin/")).text
    pin = "".join(page.partition("one-time PIN:")[2].partition('phrase__words">')[2].partition("<")[0].split())

    opened = open_by_reference(reference=booking.reference, pin=pin, network="somewhere")

    assert "Show a PIN to read out to her" in offered
    assert pin not in inspector_client.get(sent_page).text
    assert (len(pin), opened.booking, opened.chooses_pin) == (6, booking, True)
    with pytest.raises(PinWrong):
        open_by_reference(reference=booking.reference, pin=pin, network="somewhere")
    assert booking.events.filter(kind=EventKind.FIRST_PIN_ISSUED).count() == 1


def test_first_pin_is_issued_by_the_booking_inspector_within_the_hour(inspector_client, southwark, inspector):
    booking, sent_page = send_booking(inspector_client, southwark, first=ALONE)
    colleague = InspectorFactory(bcu=inspector.bcu)
    refused = PermissionDenied

    with pytest.raises(refused):
        issue_first_pin(booking, by=colleague)
    with time_machine.travel(timezone.now() + datetime.timedelta(minutes=61)), pytest.raises(refused):
        issue_first_pin(booking, by=inspector)
    choose_pin(booking, pin="402817")
    with pytest.raises(refused):
        issue_first_pin(booking, by=inspector)
    assert "Show a PIN" not in inspector_client.get(sent_page).text


def test_pages_take_few_queries(inspector_client, southwark, django_assert_max_num_queries):
    page = open_read_back(inspector_client, southwark)
    with django_assert_max_num_queries(15):
        inspector_client.get(page)
    with django_assert_max_num_queries(15):
        inspector_client.get(page.replace("read-back/", ""))
    with django_assert_max_num_queries(15):
        inspector_client.get(NEW)
