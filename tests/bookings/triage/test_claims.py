"""Claims on bookings, as an inspector's colleagues see them."""

import pytest
from django.core.exceptions import PermissionDenied

from bookings.models.claims import get_claim
from bookings.models.events import Event
from bookings.read_log import open_booking
from bookings.statuses import EventKind
from bookings.triage.claims.actions import add_colleague_note, claim_booking, release_claim
from bookings.triage.handover.actions import Handover, hand_over_booking
from tests.support.page_text import page_text
from tests.support.staff_addresses import staff_address
from walkandtalk.lib import london
from walkandtalk.lib.errors import TransitionNotAllowed

pytestmark = pytest.mark.django_db

QUEUE = "/staff/bookings/"


def test_claim_shows_colleagues_its_owner_and_time(client, inspector, colleague, booking):
    client.force_login(colleague)
    client.post(staff_address("triage:claim", booking), {"claimed_by_id": ""})
    client.force_login(inspector)

    page, queue = client.get(staff_address("triage:booking", booking)), client.get(QUEUE, {"state": "open"})

    booking.refresh_from_db()
    assert f"Assigned to {colleague.display_name}, {london.clock(booking.claim.at)}" in page_text(page.text)
    assert "Take over" in page.text
    assert f"{colleague.rank_title} {colleague.name}" in queue.text


def test_claim_of_a_colleagues_booking_needs_a_takeover(client, inspector, colleague, booking):
    claim_booking(booking, by=colleague, claimed_by_id=None)
    client.force_login(inspector)

    refused = client.post(staff_address("triage:claim", booking), {"claimed_by_id": ""})
    booking.refresh_from_db()
    first_owner = booking.claim.officer
    takeover = client.post(staff_address("triage:claim", booking), {"claimed_by_id": colleague.pk})

    booking.refresh_from_db()
    assert (refused.status_code, first_owner) == (409, colleague)
    assert f"{colleague.display_name} has been assigned this since" in refused.context["error_summary"][0]["text"]
    assert (takeover.status_code, booking.claim.officer) == (302, inspector)
    assert Event.objects.get(kind=EventKind.CLAIM_TAKEN_OVER).note == f"Before: {colleague.display_name}."


def test_claim_twice_by_one_inspector_records_one_event(inspector, booking):
    for _twice in range(2):
        claim_booking(booking, by=inspector, claimed_by_id=None)

    assert (booking.events.count(), booking.version) == (1, 1)


def test_release_claim_refused_to_a_colleague(inspector, colleague, booking):
    claim_booking(booking, by=colleague, claimed_by_id=None)

    with pytest.raises(TransitionNotAllowed, match="Cora Colleague has been assigned this since"):
        release_claim(booking, by=inspector)
    release_claim(booking, by=colleague)
    with pytest.raises(TransitionNotAllowed, match="just been unassigned"):
        claim_booking(booking, by=inspector, claimed_by_id=colleague.pk)

    assert get_claim(booking) is None


def test_hand_over_releases_the_claim(inspector, booking, camden):
    claim_booking(booking, by=inspector, claimed_by_id=None)
    hand_over_booking(booking, Handover(to=camden.bcu, note="Nearer to you."), by=inspector, version=1)

    booking.refresh_from_db()
    assert get_claim(booking) is None


@pytest.mark.parametrize("person", ["stranger", "officer", "lead"])
def test_claims_notes_and_readings_refused_to_other_staff(person, booking, request):
    person = request.getfixturevalue(person)
    refused_actions = [
        lambda: claim_booking(booking, by=person, claimed_by_id=None),
        lambda: release_claim(booking, by=person),
        lambda: add_colleague_note(booking, by=person, note="x"),
        lambda: open_booking(booking, by=person),
    ]

    for action in refused_actions:
        with pytest.raises(PermissionDenied):
            action()
