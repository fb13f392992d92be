"""The forms with which an inspector declines or cancels a booking."""

import pytest

from bookings.statuses import Status
from outbox.models import Message
from tests.support.factories import scheduled_booking
from tests.support.staff_addresses import staff_address
from walks.models.walks import Walk
from walks.statuses import WalkStatus

pytestmark = pytest.mark.django_db


def test_decline_tells_her_why_and_what_she_can_do_instead(as_inspector, booking):
    data = {"reason": "no_officers", "alternatives": ["other_time", "streetsafe"], "words": "Ask for a weekend."}

    as_inspector.post(staff_address("triage:decline", booking), {**data, "version": booking.version})

    booking.refresh_from_db()
    text = Message.objects.get().text
    assert (booking.status, booking.outcome_code) == (Status.DECLINED, "no_officers")
    assert booking.alternatives == "other_time streetsafe"
    for said in ("no officers are free", "Ask again for another day", "StreetSafe", "Ask for a weekend.", "#unhappy"):
        assert said in text


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
def test_decline_needs_a_reason_an_alternative_and_the_words_that_they_promise(wrong, as_inspector, booking):
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


def test_cancel_tells_her_and_frees_the_officers(as_inspector, southwark, team):
    booking = scheduled_booking(team, borough=southwark)

    as_inspector.post(staff_address("scheduling:cancel", booking), {"reason": "illness", "version": booking.version})

    booking.refresh_from_db()
    assert booking.status == Status.CANCELLED_BY_US
    assert booking.walk.live_officers() == []
    assert "an officer is unwell" in Message.objects.get(kind__contains="cancelled_by_us").text


def test_cancel_page_warns_and_changes_nothing(as_inspector, southwark, team):
    booking = scheduled_booking(team, borough=southwark)

    response = as_inspector.get(staff_address("scheduling:cancel", booking))

    booking.refresh_from_db()
    assert "She must hear of this before she sets off" in response.text
    assert booking.status == Status.SCHEDULED


def test_cancel_is_not_offered_for_a_walk_under_way(as_inspector, southwark, team):
    booking = scheduled_booking(team, borough=southwark)
    Walk.objects.update(status=WalkStatus.UNDER_WAY)

    assert as_inspector.get(staff_address("scheduling:cancel", booking)).status_code == 302
