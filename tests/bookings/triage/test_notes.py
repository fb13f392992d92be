"""Colleague notes on a booking."""

import pytest

from bookings.retention.actions import erase_booking
from bookings.statuses import Status
from bookings.triage.claims.actions import add_colleague_note
from bookings.triage.handover.actions import Handover, hand_over_booking
from tests.support.factories import BookingFactory
from tests.support.staff_addresses import staff_address
from walkandtalk.lib.errors import ActionError

pytestmark = pytest.mark.django_db


def test_note_shows_its_author_and_is_not_in_the_history(client, inspector, colleague, booking):
    client.force_login(colleague)
    client.post(staff_address("triage:add_note", booking), {"note": "<b>She prefers</b> Thursdays"})
    client.force_login(inspector)

    response = client.get(staff_address("triage:booking", booking))

    (note,) = response.context["notes"]
    assert (note.why, note.by) == ("<b>She prefers</b> Thursdays", colleague)
    assert response.text.count("&lt;b&gt;She prefers&lt;/b&gt; Thursdays") == 1


def test_note_stays_with_its_team_and_the_handover_note_arrives(client, inspector, stranger, booking, camden):
    add_colleague_note(booking, by=inspector, note="Only for us")
    hand_over_booking(booking, Handover(to=camden.bcu, note="Nearer to you."), by=inspector, version=1)
    add_colleague_note(booking, by=stranger, note="Only for them")
    client.force_login(stranger)

    page = client.get(staff_address("triage:booking", booking))

    assert [note.why for note in page.context["notes"]] == ["Only for them", "Nearer to you."]
    assert "Only for us" not in page.text


def test_note_is_erased_and_no_other_can_be_added(inspector, southwark):
    booking = BookingFactory(borough=southwark, status=Status.DECLINED)
    add_colleague_note(booking, by=inspector, note="She prefers Thursdays")
    erase_booking(booking)

    assert [event.note for event in booking.events.all()] == ["", ""]
    with pytest.raises(ActionError, match="deleted"):
        add_colleague_note(booking, by=inspector, note="Again")
