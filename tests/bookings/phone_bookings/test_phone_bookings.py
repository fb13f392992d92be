"""An inspector makes a booking for a requester who rings, or whom she meets."""

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
from walkandtalk.lib import london
from walkandtalk.lib.errors import ActionError

pytestmark = pytest.mark.django_db

NEW = "/staff/bookings/new/"
ALONE = {"contact-channel": "none", "contact-email": ""}


@pytest.fixture
def hers(client, inspector):
    client.force_login(inspector)
    return client


def written_down(client, borough, *, days=10, first=None, second=None):
    """Return the address of the read-back page, after both pages of answers."""
    one, two = phone_booking_data(borough, days=days)
    answer = client.post(NEW, one | (first or {}))
    assert answer.status_code == 302, answer.text
    answer = client.post(answer.url, two | (second or {}))
    assert answer.status_code == 302, answer.text
    return answer.url


def sent(client, borough, *, spoken=True, **typed):
    page = written_down(client, borough, **typed)
    answer = client.post(page, {"spoken": "on"} if spoken else {})
    assert answer.status_code == 302, answer.text
    return Booking.objects.latest("asked_at"), answer.url


def test_phone_booking_is_read_back_and_sent(hers, southwark, inspector):
    second = {
        "needs-needs": ["step_free"],
        "needs-needs_details": "I use a stick.",
        "more-route": "Through the park",
        "more-companions": "1",
        "more-about": ["people"],
    }
    page = written_down(hers, southwark, second=second)
    aloud = hers.get(page).text
    booking, done = sent(hers, southwark, second=second)

    for words in ("Rita Rings", "rita@example.com", "07700 900321", "You can call me", "Step-free", "6:30pm"):
        assert words in aloud
    assert (booking.bcu, booking.origin.staff_booking_method, booking.contact.name) == (
        inspector.bcu,
        "phone",
        "Rita Rings",
    )
    contact = booking.contact
    assert (contact.route, contact.companions, contact.about) == ("Through the park", 1, ["people"])
    asked, confirmed = booking.events.all()
    assert (asked.kind, asked.by, asked.code) == (EventKind.REQUESTED, inspector, "phone")
    assert (confirmed.kind, confirmed.by) == (EventKind.CONFIRMED, inspector)
    assert booking.spoken_reference in hers.get(done).text
    history = hers.get(reverse("triage:booking", args=[booking.pk])).text
    assert "Asked for a walk, by phone" in history
    assert "By phone: somebody of ours wrote it down for her" in history


def test_confirmed_phone_booking_is_not_asked_to_confirm(hers, southwark):
    sent(hers, southwark)
    known = Message.objects.get()
    sent(hers, southwark, spoken=False)
    doubtful = Message.objects.latest("number")

    assert "Yes, this was me" not in known.text + known.html
    assert "Yes, this was me" in doubtful.text
    assert "Yes, this was me" in doubtful.html


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
def test_phone_booking_is_confirmed_on_an_allowed_number_or_in_person(first, spoken, confirmed, hers, southwark):
    booking, _done = sent(hers, southwark, first=first, spoken=spoken)

    assert (booking.confirmed_at is not None) is confirmed


@pytest.mark.parametrize(("rules", "confirmed"), [(["call"], True), (["text"], False)])
def test_request_booking_checks_whether_calls_are_allowed(rules, confirmed, inspector, southwark):
    contact = {"channel": "full", "email": "rita@example.com", "phone": "07700 900321", "phone_times": ""}
    answers = {**written_answers(southwark), "contact": {**contact, "phone_rules": rules}}
    draft = save_phone_answers(uuid.uuid4(), by=inspector, answers=answers)
    taken = PhoneBooking(by=inspector, how=StaffBookingMethod.PHONE, spoken=True)

    booking = request_booking(draft, request=booking_request(draft.answers), phone_booking=taken)

    assert (booking.confirmed_at is not None) is confirmed


def test_sending_twenty_times_at_once_makes_one_booking(transactional_db, hers, southwark, inspector):
    page = written_down(hers, southwark)

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


def test_first_page_sent_again_makes_one_draft(hers, southwark):
    first, _second = phone_booking_data(southwark)

    pages = {hers.post(NEW, first).url for _ in range(3)}

    assert len(pages) == Draft.objects.count() == 1


def test_errors_lose_no_answers(hers, southwark):
    first, second = phone_booking_data(southwark)
    wrong = hers.post(NEW, first | {"contact-email": "rita(at)example.com", "age-adult": ""})
    page = hers.post(NEW, first).url
    also_wrong = hers.post(page, second | {"when-first_start": "half past", "more-route": "Through the park"})

    assert (wrong.status_code, also_wrong.status_code) == (422, 422)
    for words in ("07700 900321", "rita(at)example.com"):
        assert f'value="{words}"' in wrong.text
    for words in ('value="Rita Rings"', 'value="half past"', "Through the park</textarea>"):
        assert words in also_wrong.text
    for page in (wrong.text, also_wrong.text):
        assert all(f'id="{target}"' in page for target in targets_of(page))


def targets_of(page):
    summary = page[page.index("govuk-error-summary__list") :].partition("</ul>")[0]
    found = [part.partition('"')[0] for part in summary.split('href="#')[1:]]
    assert found
    return found


def test_change_begins_with_the_saved_answers(hers, southwark):
    page = written_down(hers, southwark, second={"more-route": "Through the park"})
    of = page.split("/")[-3]

    assert 'value="rita@example.com"' in hers.get(f"{NEW}?of={of}").text
    more = hers.get(f"{NEW}{of}/").text
    assert 'value="Rita Rings"' in more
    assert "Through the park</textarea>" in more
    assert 'value="6:30pm"' in more
    hers.post(f"{NEW}{of}/", phone_booking_data(southwark)[1])
    assert "Through the park" not in hers.get(page).text


def test_danger_stops_the_booking(hers, southwark):
    first, _second = phone_booking_data(southwark)

    answer = hers.post(NEW, first | {"start-danger": "yes"})

    assert answer.status_code == 422
    assert "treat this as an emergency call" in answer.text
    assert not Draft.objects.exists()


def test_girl_can_be_booked_only_if_her_team_accepts_it(hers, southwark, bcu):
    first, second = phone_booking_data(southwark)
    refused = hers.post(NEW, first | {"age-adult": "no"})
    bcu.accepts_16_17 = True
    bcu.save()
    page = hers.post(NEW, first | {"age-adult": "no"}).url
    alone = hers.post(page, second | {"accompanied-together": "no"})
    together = hers.post(page, second | {"accompanied-together": "yes"})

    assert "Childline" in refused.text
    assert (refused.status_code, alone.status_code, together.status_code) == (422, 422, 302)


# --- Rules and other BCUs ---------------------------------------------------------------------------------------------


def test_notice_of_the_inspectors_own_bcu_only_warns(hers, southwark):
    page = written_down(hers, southwark, days=2)
    said = hers.get(page).text
    booking, _done = sent(hers, southwark, days=1)

    assert "Choice 1 would usually be between" in said
    assert timezone.now() < booking.answer_due_at < booking.walk_needed_at


def test_past_time_is_refused(hers, southwark):
    first, second = phone_booking_data(southwark, days=-1)
    page = hers.post(NEW, first).url

    assert "First choice must be a time to come" in hers.post(page, second).text


@pytest.mark.parametrize("why", ["restricted", "another"])
def test_rules_of_another_bcu_or_a_restricted_booking_apply(why, hers, southwark, camden, stranger):
    borough = camden if why == "another" else southwark
    first, second = phone_booking_data(borough, days=2)
    page = hers.post(NEW, first).url
    more = {"more-restricted": "on"} if why == "restricted" else {}

    answer = hers.post(page, second | more)

    assert answer.status_code == 422
    assert "First choice must be between" in answer.text


def test_request_booking_applies_the_rules_of_another_bcu(inspector, camden, southwark):
    draft = Draft.objects.start_phone_booking(uuid.uuid4(), by=inspector)
    draft.save_answers(written_answers(camden))
    asked = booking_request(draft.answers)

    with pytest.raises(ActionError, match="not possible"):
        request_booking(draft, request=asked, phone_booking=PhoneBooking(by=inspector, how="phone", spoken=True))


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


def test_booking_for_another_bcu_is_sent_there(hers, southwark, camden, stranger, client):
    first, _second = phone_booking_data(camden)
    said = hers.get(hers.post(NEW, first).url).text
    page = written_down(hers, camden)
    button = hers.get(page).text
    booking, done = sent(hers, camden)

    assert "Central North looks after that place." in said
    assert "Send it to Central North" in button
    assert booking.bcu == camden.bcu
    assert booking.spoken_reference in hers.get(done).text
    assert hers.get(reverse("triage:booking", args=[booking.pk])).status_code == 404
    assert Booking.objects.visible_to(stranger).get() == booking


def test_restricted_booking_is_hidden_from_the_inspector_and_she_is_warned(hers, southwark, inspector, stranger):
    page = written_down(hers, southwark, second={"more-restricted": "on"})
    said = hers.get(page).text
    booking, done = sent(hers, southwark, second={"more-restricted": "on"})

    assert "You will not see it again" in said
    assert (booking.nominated_inspector, booking.bcu) == (stranger, southwark.bcu)
    assert not Booking.objects.visible_to(inspector).exists()
    assert booking.spoken_reference in hers.get(done).text
    assert str(booking.pk) not in hers.get(done).text
    with time_machine.travel(timezone.now() + datetime.timedelta(minutes=61)):
        later = Client()
        later.force_login(inspector)
        assert later.get(done).status_code == 404


# --- Access to drafts -------------------------------------------------------------------------------------------------


def test_draft_is_visible_to_its_inspector_only(hers, southwark, inspector):
    page = written_down(hers, southwark)
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


def test_requesters_own_draft_is_not_found(hers, southwark):
    draft, _cookie = Draft.objects.start()
    first, _second = phone_booking_data(southwark)

    assert hers.post(NEW, first | {"of": str(draft.pk)}).status_code == 404
    draft.refresh_from_db()
    assert draft.answers == {}


def test_browser_keeps_nothing_personal(hers, southwark):
    page = written_down(hers, southwark)

    answer = hers.get(page)

    assert "no-store" in answer["Cache-Control"]
    kept = str(hers.cookies) + str(dict(hers.session)) + page
    assert not [word for word in ("Rita", "rita", "900321") if word in kept]


# --- The first PIN ----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("channel", [Channel.DISCREET, Channel.NONE])
def test_requester_who_needs_a_pin_gets_a_one_time_pin(channel, hers, southwark, client):
    first = ALONE if channel == Channel.NONE else {"contact-channel": channel}
    booking, done = sent(hers, southwark, first=first)
    offered = hers.get(done).text
    shown = hers.post(done.replace("/sent/", "/pin/")).text
    pin = "".join(shown.partition("PIN for this once:")[2].partition('phrase__words">')[2].partition("<")[0].split())

    opened = open_by_reference(reference=booking.reference, pin=pin, network="somewhere")

    assert "Show a PIN to read out to her" in offered
    assert pin not in hers.get(done).text
    assert (len(pin), opened.booking, opened.chooses_pin) == (6, booking, True)
    with pytest.raises(PinWrong):
        open_by_reference(reference=booking.reference, pin=pin, network="somewhere")
    assert booking.events.filter(kind=EventKind.FIRST_PIN_ISSUED).count() == 1


def test_first_pin_is_issued_by_the_booking_inspector_within_the_hour(hers, southwark, inspector):
    booking, done = sent(hers, southwark, first=ALONE)
    colleague = InspectorFactory(bcu=inspector.bcu)
    refused = PermissionDenied

    with pytest.raises(refused):
        issue_first_pin(booking, by=colleague)
    with time_machine.travel(timezone.now() + datetime.timedelta(minutes=61)), pytest.raises(refused):
        issue_first_pin(booking, by=inspector)
    choose_pin(booking, pin="402817")
    with pytest.raises(refused):
        issue_first_pin(booking, by=inspector)
    assert "Show a PIN" not in hers.get(done).text


def test_pages_take_few_queries(hers, southwark, django_assert_max_num_queries):
    page = written_down(hers, southwark)
    with django_assert_max_num_queries(15):
        hers.get(page)
    with django_assert_max_num_queries(15):
        hers.get(page.replace("read-back/", ""))
    with django_assert_max_num_queries(15):
        hers.get(NEW)
