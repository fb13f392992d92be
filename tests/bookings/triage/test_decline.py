"""Declining a booking: the form, the action, and the message to the requester."""

import pytest
from django.core.exceptions import PermissionDenied

from bookings.statuses import DeclineReason, Status
from outbox.models import Message
from tests.support.decisions import decline_now
from tests.support.factories import ClaimFactory, scheduled_booking
from tests.support.query_counts import count_queries
from tests.support.staff_addresses import staff_address

pytestmark = pytest.mark.django_db


def test_decline_page_sends_the_reason_and_alternatives(as_inspector, booking):
    data = {"reason": "no_officers", "alternatives": ["other_time", "streetsafe"], "words": "Ask for a weekend."}

    as_inspector.post(staff_address("triage:decline", booking), {**data, "version": booking.version})

    booking.refresh_from_db()
    text = Message.objects.get().text
    assert (booking.status, booking.outcome_code) == (Status.DECLINED, "no_officers")
    assert booking.alternatives == "other_time streetsafe"
    for expected in (
        "no officers are free",
        "Ask again for another day",
        "StreetSafe",
        "Ask for a weekend.",
        "#unhappy",
    ):
        assert expected in text


def test_decline_page_reads_the_request_beside_it_in_few_queries(as_inspector, inspector, booking):
    ClaimFactory(booking=booking, officer=inspector)
    session_officer_booking_need_to_know_times_adjustments_offers_two_counts_and_read_log = 10

    queries = count_queries(as_inspector, staff_address("triage:decline", booking))

    assert queries == session_officer_booking_need_to_know_times_adjustments_offers_two_counts_and_read_log


@pytest.mark.parametrize(
    "wrong",
    [
        {"reason": ""},
        {"alternatives": []},
        {"reason": "other", "words": ""},
        {"alternatives": ["other_scheme"], "words": ""},
        {"alternatives": ["local_contact"], "words": " "},
    ],
)
def test_decline_needs_a_reason_an_alternative_and_any_promised_note(wrong, as_inspector, booking):
    data = {"reason": "no_officers", "alternatives": ["other_time"], "words": "Sorry.", "version": booking.version}

    response = as_inspector.post(staff_address("triage:decline", booking), {**data, **wrong})

    booking.refresh_from_db()
    assert response.status_code == 422
    assert booking.status == Status.WAITING


def test_decline_refused_once_it_has_moved_on(as_inspector, southwark, team):
    booking = scheduled_booking(team, borough=southwark)
    data = {"reason": "no_officers", "alternatives": ["other_time"], "version": booking.version}

    response = as_inspector.post(staff_address("triage:decline", booking), data)

    assert response.status_code == 409
    assert "cannot become" in response.text


def test_decline_booking_tells_her_the_reason_and_our_words(booking, inspector):
    decline_now(booking, inspector, reason=DeclineReason.NO_OFFICERS, message="Try a weekday.")

    booking.refresh_from_db()
    assert (booking.status, booking.outcome_code) == (Status.DECLINED, DeclineReason.NO_OFFICERS)
    text = Message.objects.get().text
    assert "no officers are free at the times you chose" in text
    assert "Try a weekday." in text


def test_decline_booking_refused_to_an_inspector_of_another_bcu(booking, stranger):
    with pytest.raises(PermissionDenied):
        decline_now(booking, stranger, message="No.")
