"""An inspector's page of one booking."""

import datetime

import pytest
from django.utils import timezone

from bookings.models.read_log import ReadLog
from bookings.request_form.confirmation import confirm_by_phone
from bookings.response_targets import response_target_tag
from bookings.statuses import EventKind, Status
from tests.support.factories import BookingFactory, WalkFactory
from tests.support.requester_pages import create_page_link
from tests.support.spoken_with import ring
from tests.support.staff_addresses import staff_address
from walkandtalk.lib import london

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(
    ("hours", "words", "tag"),
    [
        (4 * 24, "answer by Thursday 26 November 2026, 4 days left", "On time"),
        (24, "answer by Monday 23 November 2026, 1 day left", "At risk"),
        (2, "answer by 2pm today", "Today"),
        (-2, "late since 10am today", "Late"),
        (-24, "late by 1 day", "Late"),
        (-72, "late by 3 days", "Late"),
    ],
)
def test_response_target_says_how_much_time_is_left(hours, words, tag, booking):
    now = london.to_instant(datetime.date(2026, 11, 22), datetime.time(12))
    booking.answer_due_at = now + datetime.timedelta(hours=hours)

    promise = response_target_tag(booking, now=now)

    assert (promise.summary, promise.tag) == (words, tag)


def test_response_target_says_when_it_was_answered(booking):
    booking.answered_at = booking.answer_due_at + datetime.timedelta(minutes=1)

    promise = response_target_tag(booking, now=timezone.now())

    assert promise.tag == "Was late"
    assert promise.summary == f"answered {london.long_date(booking.answered_at)}"


def test_booking_page_shows_the_request(as_inspector, booking):
    response = as_inspector.get(staff_address("triage:booking", booking))

    for text in (
        booking.preferred_times.get().in_short,
        "Dark, sunset",
        "main entrance",
        "Step-free route",
        "I use a stick.",
        "Do not call her",
    ):
        assert text in response.text


def test_booking_page_names_the_requesters_poster(as_inspector, southwark, booking):
    by_poster = BookingFactory(borough=southwark, source="southwark")
    by_a_poster_of_old = BookingFactory(borough=southwark, source="south-walk")

    assert "On the poster for Southwark" in as_inspector.get(staff_address("triage:booking", by_poster)).text
    assert "On the poster for south-walk" in as_inspector.get(staff_address("triage:booking", by_a_poster_of_old)).text
    assert "poster" not in as_inspector.get(staff_address("triage:booking", booking)).text


def test_booking_page_shows_the_number_only_on_request(as_inspector, booking):
    assert "07700 900123" not in as_inspector.get(staff_address("triage:booking", booking)).text
    assert not ReadLog.objects.filter(kinds__contains=["phone"]).exists()

    response = as_inspector.post(staff_address("triage:reveal_phone", booking))

    assert "07700 900123" in response.text
    assert ReadLog.objects.get(kinds__contains=["phone"]).booking == booking


@pytest.mark.parametrize(
    "name",
    [
        "triage:booking",
        "scheduling:schedule",
        "triage:decline",
        "scheduling:cancel",
        "triage:confirm_by_phone",
        "triage:reveal_phone",
    ],
)
@pytest.mark.parametrize("person", ["stranger", "officer", "lead", "administrator"])
def test_booking_pages_are_not_found_by_other_staff(person, name, client, booking, request):
    client.force_login(request.getfixturevalue(person))
    send = client.post if name in ("triage:confirm_by_phone", "triage:reveal_phone") else client.get

    assert send(staff_address(name, booking)).status_code == 404


@pytest.mark.parametrize("name", ["triage:confirm_by_phone", "triage:reveal_phone"])
def test_booking_buttons_refuse_get(name, as_inspector, booking):
    assert as_inspector.get(staff_address(name, booking)).status_code == 405


@pytest.mark.parametrize(
    ("status", "offered"),
    [(Status.WAITING, {"schedule", "decline"}), (Status.SCHEDULED, {"change"}), (Status.DECLINED, set())],
)
def test_booking_page_offers_the_allowed_actions(status, offered, as_inspector, southwark, team):
    walk = WalkFactory(bcu=southwark.bcu, officers=team) if status == Status.SCHEDULED else None
    booking = BookingFactory(borough=southwark, status=status, walk=walk)

    context = as_inspector.get(staff_address("triage:booking", booking)).context

    assert {
        name for name in ("confirm_by_phone", "schedule", "decline", "change") if context[f"offer_{name}"]
    } == offered


def test_booking_page_offers_confirmation_before_scheduling(as_inspector, southwark):
    booking = BookingFactory(borough=southwark, confirmed_at=None, contact__phone_rules=["call"])

    context = as_inspector.get(staff_address("triage:booking", booking)).context

    assert context["offer_confirm_by_phone"]
    assert not context["offer_schedule"]


def test_booking_page_does_not_offer_confirmation_by_phone_without_calls(as_inspector, southwark):
    booking = BookingFactory(borough=southwark, confirmed_at=None)

    for name in ("triage:booking", "scheduling:schedule"):
        response = as_inspector.get(staff_address(name, booking))

        assert "She gave no number that we may call." in response.text
        assert "I’ve spoken with her" not in response.text


def test_booking_page_escapes_typed_text(as_inspector, southwark):
    booking = BookingFactory(
        borough=southwark, contact__name="<script>x</script>", contact__meeting_place="<b>here</b>"
    )

    for name in ("triage:booking", "scheduling:schedule"):
        text = as_inspector.get(staff_address(name, booking)).text
        assert "<script>x" not in text
        assert "<b>here" not in text
        assert "&lt;script&gt;x" in text


def test_confirm_by_phone_needs_the_number_to_be_opened(as_inspector, inspector, southwark):
    booking = BookingFactory(borough=southwark, confirmed_at=None, contact__phone_rules=["call"])
    press = {"path": staff_address("triage:confirm_by_phone", booking), "data": {"version": booking.version}}

    refused = as_inspector.post(**press)
    as_inspector.post(staff_address("triage:reveal_phone", booking))
    response = as_inspector.post(**press, follow=True)

    booking.refresh_from_db()
    event = booking.events.get()
    assert refused.status_code == 409
    assert "Show her number first" in refused.text
    assert booking.confirmed_at is not None
    assert (event.kind, event.code, event.by) == (EventKind.CONFIRMED, "phone", inspector)
    assert "By phone, on the number she gave us." in as_inspector.get(staff_address("triage:booking", booking)).text
    assert "you have spoken with her" in response.text


def test_confirm_by_phone_does_not_confirm_her_email_address(client, inspector, southwark):
    """The inspector knows the voice. Only a message sent there can show that the address was typed right."""
    booking = BookingFactory(borough=southwark, confirmed_at=None, contact__phone_rules=["call"])
    ring(booking, inspector)

    confirm_by_phone(booking, by=inspector, version=booking.version)

    page = client.get(create_page_link(booking, email=booking.contact.email)).text
    assert booking.contact.address_unconfirmed_since is not None
    assert booking.contact.meeting_place not in page
    assert "Maya" not in page
