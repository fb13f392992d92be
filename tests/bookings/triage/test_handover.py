import datetime

import pytest
import time_machine
from django.core.exceptions import PermissionDenied
from django.urls import reverse
from django.utils import timezone

from bookings.locks import lock_booking
from bookings.models.bookings import Booking
from bookings.permissions import can_decide
from bookings.statuses import OPEN_STATUSES, Channel, EventKind, Status
from bookings.triage.handover.actions import Handover, hand_over_booking
from outbox.models import Message
from tests.support.factories import (
    BCUFactory,
    BookingFactory,
    InspectorFactory,
    OfficerFactory,
    WalkFactory,
    in_days,
    scheduled_booking,
)
from tests.support.lock_waits import press_while_locked
from walkandtalk.lib.errors import ActionError, TransitionNotAllowed
from walks.statuses import WalkStatus

pytestmark = pytest.mark.django_db

NOTE = "She lives nearer to you. We have not rung her."


@pytest.fixture
def booking(southwark):
    return BookingFactory(borough=southwark)


def hand_over(booking, inspector, to):
    hand_over_booking(booking, Handover(to=to, note=NOTE), by=inspector, version=booking.version)


def message(kind):
    return Message.objects.get(kind=kind)


def test_hand_over_changes_the_bcu_and_neither_status_nor_response_target(booking, inspector, stranger):
    due = booking.answer_due_at

    hand_over(booking, inspector, stranger.bcu)

    booking.refresh_from_db()
    assert (booking.bcu, booking.status) == (stranger.bcu, Status.WAITING)
    assert (booking.answer_due_at, booking.answered_at) == (due, None)
    assert not Booking.objects.visible_to(inspector).exists()
    assert Booking.objects.visible_to(stranger).get() == booking
    assert [(event.kind, event.by, event.note) for event in booking.events.all()] == [
        (EventKind.HANDED_OVER, inspector, NOTE)
    ]


def test_hand_over_tells_the_requester_and_the_other_team(booking, inspector, stranger):
    hand_over(booking, inspector, stranger.bcu)

    requester_message, team_message = message("handed_over"), message("team_handed_over")
    assert f"the {stranger.bcu.team_name}. Their number is below." in requester_message.text
    assert stranger.bcu.duty_number in requester_message.text
    assert NOTE not in requester_message.text + team_message.text
    assert team_message.recipient == stranger.bcu.inbox
    assert "Maya" not in team_message.text


def test_hand_over_of_a_discreet_booking_says_only_that_there_is_news(southwark, inspector, stranger):
    hand_over(BookingFactory(borough=southwark, channel=Channel.DISCREET), inspector, stranger.bcu)

    assert message("handed_over").subject == "Your appointment"
    assert "Central North" not in message("handed_over").text


def test_hand_over_of_a_scheduled_walk_is_refused(southwark, inspector, officer, second_officer, stranger):
    booking = scheduled_booking([officer, second_officer], borough=southwark)

    with pytest.raises(TransitionNotAllowed, match="Her walk is scheduled with your officers"):
        hand_over(booking, inspector, stranger.bcu)

    booking.refresh_from_db()
    assert booking.bcu == southwark.bcu


@pytest.mark.parametrize("status", sorted(set(Status) - OPEN_STATUSES - {Status.COMPLETED}))
def test_hand_over_of_an_ended_booking_is_refused(status, southwark, inspector, stranger):
    with pytest.raises(TransitionNotAllowed, match="can’t hand it over"):
        hand_over(BookingFactory(borough=southwark, status=status), inspector, stranger.bcu)


def test_hand_over_refused_while_an_offer_is_open(southwark, inspector, stranger):
    with pytest.raises(TransitionNotAllowed, match="hasn’t answered your offer"):
        hand_over(BookingFactory(borough=southwark, status=Status.OFFERED), inspector, stranger.bcu)


def test_hand_over_refused_to_an_inspector_of_another_bcu(booking, stranger):
    with pytest.raises(PermissionDenied):
        hand_over(booking, stranger, stranger.bcu)


# --- Restricted bookings


@pytest.fixture
def restricted_booking(southwark, stranger):
    """A booking restricted from the BCU of its place, with a nominated inspector of another BCU."""
    return BookingFactory(borough=southwark, nominated_inspector=stranger)


def test_hand_over_of_a_restricted_booking_nominates_an_inspector_of_the_new_bcu(
    restricted_booking, inspector, stranger
):
    east = BCUFactory(code="EA", name="East Area")
    nominated_inspector = InspectorFactory(bcu=east)
    InspectorFactory(bcu=east)

    hand_over(restricted_booking, stranger, east)

    restricted_booking.refresh_from_db()
    assert (restricted_booking.nominated_inspector, restricted_booking.team) == (nominated_inspector, east)
    assert not Booking.objects.visible_to(inspector).exists()
    assert not Booking.objects.visible_to(stranger).exists()
    assert message("team_handed_over").recipient == nominated_inspector.email


def test_hand_over_of_a_restricted_booking_to_its_own_bcu_is_refused(restricted_booking, inspector, stranger):
    with pytest.raises(ActionError, match="She asked us to keep this from Central South"):
        hand_over(restricted_booking, stranger, inspector.bcu)


def test_hand_over_of_a_restricted_booking_needs_an_inspector_of_the_new_bcu(restricted_booking, stranger):
    with pytest.raises(ActionError, match="East Area has no inspector"):
        hand_over(restricted_booking, stranger, BCUFactory(code="EA", name="East Area"))


@pytest.mark.parametrize("restricted", [False, True])
def test_hand_over_hides_the_requester_on_a_cut_short_walk_from_the_old_team(
    restricted, client, southwark, inspector, stranger
):
    """Its officers see the requester as before. A new nominated inspector also sees a restricted booking's walk."""
    by = stranger if restricted else inspector
    officer = OfficerFactory(bcu=by.bcu)
    nominated_inspector = by if restricted else None
    walk = WalkFactory(
        bcu=by.bcu,
        nominated_inspector=nominated_inspector,
        officers=[officer],
        status=WalkStatus.CUT_SHORT,
        start_at=in_days(-1),
    )
    booking = BookingFactory(
        borough=southwark, nominated_inspector=nominated_inspector, cut_short_walk=walk, contact__phone="07700 900999"
    )
    new_inspector = InspectorFactory(bcu=BCUFactory(code="EA", name="East Area"))

    hand_over(booking, by, new_inspector.bcu)

    def shown_to(user):
        client.force_login(user)
        page = client.get(f"/staff/walks/{walk.pk}/").text
        number = client.post(f"/staff/walks/{walk.pk}/phone/{booking.pk}/").text
        return ("Maya" in page, "900999" in number)

    assert shown_to(by) == (False, False)
    assert shown_to(officer) == (True, True)
    assert shown_to(new_inspector) == (restricted, restricted)


def test_nominated_inspector_who_moves_to_its_bcu_can_no_longer_decide(restricted_booking, southwark, stranger):
    stranger.bcu = southwark.bcu

    assert not can_decide(stranger, restricted_booking)


# --- Pages


def post(client, name, booking, **data):
    return client.post(reverse(name, args=[booking.pk]), {"version": booking.version, **data})


def test_hand_over_page_redirects_to_the_queue(client, booking, inspector, stranger):
    client.force_login(inspector)

    response = post(client, "triage:hand_over", booking, to=stranger.bcu_id, note=NOTE)

    assert response["Location"] == reverse("triage:queue")
    assert Booking.objects.get().bcu == stranger.bcu
    client.force_login(stranger)
    assert NOTE in client.get(reverse("triage:booking", args=[booking.pk])).text


def test_hand_over_page_needs_another_bcu_and_a_note(client, booking, inspector):
    client.force_login(inspector)

    response = post(client, "triage:hand_over", booking, to=inspector.bcu_id, note="")

    assert response.status_code == 422
    assert "Select one of these BCUs" in response.text
    assert "Enter what the other team needs to know" in response.text


@pytest.mark.parametrize(
    "name",
    [
        "triage:decline",
        "scheduling:schedule",
        "scheduling:offer_times",
        "scheduling:cancel",
        "triage:hand_over",
        "scheduling:withdraw_offer",
        "triage:confirm_by_phone",
        "triage:record_contact",
    ],
)
def test_decision_after_a_handover_says_so_and_keeps_what_was_entered(name, client, booking, bcu, inspector, stranger):
    hand_over(booking, InspectorFactory(bcu=bcu, name="Frida First"), stranger.bcu)
    client.force_login(inspector)

    response = post(client, name, booking, first_place="My own\nplace.", how_step_free="By <lift>.", words="")

    assert response.status_code == 409
    assert "Inspector Frida First handed it over to CN at " in response.text
    assert [(row["key"]["text"], row["value"]["html"]) for row in response.context["entered"]] == [
        ("First place", "My own<br>place."),
        ("How step free", "By &lt;lift&gt;."),
    ]


@pytest.mark.django_db(transaction=True)
def test_decision_during_a_handover_says_so_and_keeps_what_was_entered(client, booking, inspector, stranger):
    client.force_login(inspector)
    words = {"reason": "no_officers", "alternatives": ["other_time"], "words": "My own words."}

    response = press_while_locked(
        lambda: post(client, "triage:decline", booking, **words),
        lock=lambda: lock_booking(booking),
        act=lambda: hand_over(booking, inspector, stranger.bcu),
    )

    assert response.status_code == 409
    assert "handed it over to CN at " in response.text
    assert "My own words." in response.text


def test_handed_over_booking_is_not_found_by_the_old_team(client, booking, inspector, stranger, officer):
    hand_over(booking, inspector, stranger.bcu)
    other_inspector = InspectorFactory(bcu=BCUFactory(code="EA", name="East Area"))

    answers = []
    for person in (other_inspector, officer):
        client.force_login(person)
        answers.append(post(client, "triage:decline", booking).status_code)
    client.force_login(inspector)
    answers.append(client.get(reverse("triage:decline", args=[booking.pk])).status_code)
    with time_machine.travel(timezone.now() + datetime.timedelta(hours=12, seconds=1), tick=False):
        client.logout()  # that session is too old by then
        client.force_login(inspector)
        answers.append(post(client, "triage:decline", booking).status_code)

    assert answers == [404, 404, 404, 404]
