"""“Preview the message” shows what each requester would read, and saves nothing."""

import pytest
from django.urls import reverse

from bookings.models.bookings import Booking
from bookings.models.undoable_decisions import UndoableDecision
from bookings.statuses import CancelReason, Channel, DeclineReason, Status
from outbox.models import Message
from tests.support.factories import BookingFactory
from tests.support.form_data import confirmed_adjustments_data, offer_data, plan_data, schedule_data
from tests.support.shared_walks import join_walk
from tests.support.undo import all_rows

pytestmark = pytest.mark.django_db
PREVIEW = {"preview": "yes"}


def decline_form(booking, **changes):
    data = {"version": booking.version, "reason": DeclineReason.NO_OFFICERS, "alternatives": ["other_time"]}
    return data | {"words": "Please try in spring"} | changes


def preview_decline(client, booking, **changes):
    return client.post(reverse("triage:decline", args=[booking.pk]), decline_form(booking, **changes) | PREVIEW)


def test_preview_of_declining_shows_subject_and_text_and_keeps_the_form(as_inspector, booking):
    before = all_rows()

    response = preview_decline(as_inspector, booking)

    assert response.status_code == 200
    assert "We can’t arrange this walk, because no officers are free at the times you chose" in response.text
    assert response.text.count("Please try in spring") == 2  # in the message, and in the form
    assert all_rows() == before
    assert not Message.objects.exists()
    assert not UndoableDecision.objects.exists()
    assert not Booking.objects.get().links.exists()
    assert as_inspector.get(reverse("triage:queue")).text.count("Messages leave at") == 0


def test_preview_says_what_the_message_then_says(as_inspector, booking, inspector):
    preview = preview_decline(as_inspector, booking).context["preview"]

    as_inspector.post(reverse("triage:decline", args=[booking.pk]), decline_form(booking))

    message, (previewed,) = Message.objects.get(), preview.messages
    without_links = [line for line in message.text.splitlines() if "http" not in line]
    assert previewed.subject == message.subject
    assert [line for line in previewed.text.splitlines() if "http" not in line] == without_links
    assert "/my-walk/" not in previewed.text


def test_preview_with_a_mistake_shows_the_mistake(as_inspector, booking):
    response = preview_decline(as_inspector, booking, reason="")

    assert response.status_code == 422
    assert response.context["preview"] is None


def test_preview_of_an_outdated_page_is_refused(as_inspector, booking):
    response = preview_decline(as_inspector, booking, version=booking.version + 1)

    assert response.status_code == 409
    assert "Someone has changed this since" in response.text


def test_discreet_preview_is_the_discreet_text(as_inspector, southwark):
    booking = BookingFactory(borough=southwark, channel=Channel.DISCREET)

    preview = preview_decline(as_inspector, booking).context["preview"]

    (message,) = preview.messages
    assert "Please try in spring" not in message.text
    assert "walk" not in message.subject.lower()


def test_preview_for_a_requester_without_email_says_that_she_gets_none(as_inspector, southwark):
    booking = BookingFactory(borough=southwark, channel=Channel.NONE)

    assert "She gets no message: she reads it on her page." in preview_decline(as_inspector, booking).text


def test_preview_of_scheduling_shows_place_and_officers_but_no_phrase(as_inspector, booking, team):
    response = as_inspector.post(reverse("scheduling:schedule", args=[booking.pk]), schedule_data(team) | PREVIEW)

    preview = response.context["preview"]
    (message,) = preview.messages
    assert "Peckham Rye station, by the flower stall" in message.text
    assert message.text.count("[new phrase]") == 2
    assert preview.officers == 2
    assert "2 officers get an email too." in response.text
    assert Booking.objects.get().status == Status.WAITING


def test_preview_of_scheduling_with_a_taken_officer_is_refused(as_inspector, booking, team, booked):
    response = as_inspector.post(reverse("scheduling:schedule", args=[booking.pk]), schedule_data(team) | PREVIEW)

    assert response.status_code == 409
    assert "One of these officers has just been given another walk" in response.text


def test_preview_of_a_change_keeps_the_phrase_of_the_walk(as_inspector, booked, team):
    walk = booked.walk
    data = plan_data(team, days=10) | {"version": walk.version, "meeting_place": "Nunhead station"}
    data |= confirmed_adjustments_data(booked)
    address = reverse("scheduling:change_walk", args=[walk.pk])
    as_inspector.get(address)  # the client says why

    response = as_inspector.post(address, data | PREVIEW)

    (message,) = response.context["preview"].messages
    assert "The meeting place is now Nunhead station." in message.text
    assert walk.officers_phrase in message.text
    walk.refresh_from_db()
    assert walk.meeting_place != "Nunhead station"


def test_preview_of_cancelling_for_all_counts_the_messages_to_others(
    as_inspector, joinable_booking, waiting_booking, inspector
):
    join_walk(waiting_booking, joinable_booking.walk, inspector)
    joinable_booking.refresh_from_db()
    data = {"version": joinable_booking.version, "reason": CancelReason.ILLNESS, "words": "Sorry", "whole_walk": "yes"}

    response = as_inspector.post(reverse("scheduling:cancel", args=[joinable_booking.pk]), data | PREVIEW)

    (message,) = response.context["preview"].messages
    assert message.booking == joinable_booking
    assert "1 other woman gets a message too." in " ".join(response.text.split())
    assert waiting_booking.spoken_reference not in response.text


def test_preview_of_offered_times(as_inspector, booking):
    data = offer_data(days=9) | {"version": booking.version}

    response = as_inspector.post(reverse("scheduling:offer_times", args=[booking.pk]), data | PREVIEW)

    (message,) = response.context["preview"].messages
    assert "Peckham Rye" in message.text
    assert Booking.objects.get().offers.count() == 0
