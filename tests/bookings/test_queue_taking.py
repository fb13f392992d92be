"""Bookings that an inspector takes, as her colleagues see them."""

import pytest
from django.core.exceptions import PermissionDenied

from bookings.models.events import Event
from bookings.read_log import read_booking
from bookings.statuses import EventKind
from bookings.triage.claims.actions import note_for_colleagues, put_back, take_booking
from bookings.triage.handover.actions import hand_over_booking
from tests.support.staff_addresses import staff_address
from walkandtalk.lib import london
from walkandtalk.lib.errors import MoveNotAllowed

pytestmark = pytest.mark.django_db

QUEUE = "/staff/bookings/"


def test_take_shows_colleagues_who_has_it_since_when(client, inspector, colleague, booking):
    client.force_login(colleague)
    client.post(staff_address("triage:take", booking), {"had_by": ""})
    client.force_login(inspector)

    page, queue = client.get(staff_address("triage:booking", booking)), client.get(QUEUE)

    booking.refresh_from_db()
    assert f"{colleague.called}, since {london.clock(booking.taken_at)}" in page.text
    assert "Take it over" in page.text
    assert f"With {colleague.called}" in queue.text


def test_take_by_two_at_once_tells_the_second_who_has_it(client, inspector, colleague, booking):
    take_booking(booking, by=colleague, had_by=None)
    client.force_login(inspector)

    late = client.post(staff_address("triage:take", booking), {"had_by": ""})
    booking.refresh_from_db()
    had_by_first = booking.taken_by
    over = client.post(staff_address("triage:take", booking), {"had_by": colleague.pk})

    booking.refresh_from_db()
    assert (late.status_code, had_by_first) == (409, colleague)
    assert f"{colleague.called} has had this since" in late.context["error_summary"][0]["text"]
    assert (over.status_code, booking.taken_by) == (302, inspector)
    assert Event.objects.get(kind=EventKind.TAKEN_OVER).note == f"Before: {colleague.called}."


def test_take_twice_by_herself_is_one_event_and_stops_no_decision(inspector, booking):
    for _twice in range(2):
        take_booking(booking, by=inspector, had_by=None)

    assert (booking.events.count(), booking.version) == (1, 1)


def test_put_back_is_hers_who_has_it(inspector, colleague, booking):
    take_booking(booking, by=colleague, had_by=None)

    with pytest.raises(MoveNotAllowed, match="Cora Colleague has had this since"):
        put_back(booking, by=inspector)
    put_back(booking, by=colleague)
    with pytest.raises(MoveNotAllowed, match="nobody has it now"):
        take_booking(booking, by=inspector, had_by=colleague.pk)

    assert (booking.taken_by, booking.taken_at) == (None, None)


def test_hand_over_leaves_it_with_nobody(inspector, booking, camden):
    take_booking(booking, by=inspector, had_by=None)
    hand_over_booking(booking, by=inspector, version=1, to=camden.bcu, note="Nearer to you.")

    booking.refresh_from_db()
    assert (booking.taken_by, booking.taken_at) == (None, None)


@pytest.mark.parametrize("person", ["stranger", "officer", "lead"])
def test_nobody_else_takes_puts_back_notes_or_reads(person, booking, request):
    person = request.getfixturevalue(person)
    acts = [
        lambda: take_booking(booking, by=person, had_by=None),
        lambda: put_back(booking, by=person),
        lambda: note_for_colleagues(booking, by=person, note="x"),
        lambda: read_booking(booking, by=person),
    ]

    for act in acts:
        with pytest.raises(PermissionDenied):
            act()
