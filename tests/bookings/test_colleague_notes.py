"""Notes on a booking that inspectors write for one another."""

import pytest

from bookings import actions
from bookings.statuses import Status
from tests.support.factories import BookingFactory
from tests.support.staff_addresses import staff_address

pytestmark = pytest.mark.django_db


def test_note_is_shown_with_who_and_when_and_never_in_the_history(client, inspector, colleague, booking):
    client.force_login(colleague)
    client.post(staff_address("note", booking), {"note": "<b>She prefers</b> Thursdays"})
    client.force_login(inspector)

    response = client.get(staff_address("booking", booking))

    (note,) = response.context["notes"]
    assert (note.why, note.by) == ("<b>She prefers</b> Thursdays", colleague)
    assert response.text.count("&lt;b&gt;She prefers&lt;/b&gt; Thursdays") == 1


def test_note_stays_with_the_team_that_wrote_it(client, inspector, stranger, booking, camden):
    actions.note_for_colleagues(booking, by=inspector, note="Only for us")
    actions.hand_over_booking(booking, by=inspector, version=1, to=camden.bcu, note="Nearer to you.")
    actions.note_for_colleagues(booking, by=stranger, note="Only for them")
    client.force_login(stranger)

    page = client.get(staff_address("booking", booking))

    assert [note.why for note in page.context["notes"]] == ["Only for them"]
    assert "Only for us" not in page.text


def test_note_is_forgotten_and_none_is_written_afterwards(inspector, southwark):
    booking = BookingFactory(borough=southwark, status=Status.DECLINED)
    actions.note_for_colleagues(booking, by=inspector, note="She prefers Thursdays")
    actions.forget_booking(booking)

    assert [event.note for event in booking.events.all()] == ["", ""]
    with pytest.raises(actions.BookingError, match="deleted"):
        actions.note_for_colleagues(booking, by=inspector, note="Again")
