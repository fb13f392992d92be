"""A second inspector agrees to acts in person, and to acts of which no notice could tell the requester."""

import datetime

import pytest
import time_machine
from django.core.exceptions import PermissionDenied
from django.urls import reverse
from django.utils import timezone

from bookings.approvals.actions import ApprovalNeeded, approve, request_approval
from bookings.delivery_problems.actions import AddressCorrection, correct_address
from bookings.manage.pins.actions import reset_pin
from bookings.models.approvals import Approval
from bookings.models.read_log import ReadLog
from bookings.statuses import Channel, EventKind, ReadReason
from data_rights.erasure.actions import request_erasure
from outbox.models import Message
from tests.support.factories import BCUFactory, BookingFactory, InspectorFactory
from tests.support.spoken_with import BY_PHONE, IN_PERSON, NOT_SPOKEN, agree, ring
from walkandtalk.lib.errors import ActionError, TransitionNotAllowed

pytestmark = pytest.mark.django_db

NEW = "amaya@example.com"


@pytest.fixture
def booking(southwark):
    return BookingFactory(borough=southwark, channel=Channel.DISCREET)


@pytest.fixture
def colleague(bcu):
    return InspectorFactory(bcu=bcu)


def correct(booking, spoken, *, by, email=NEW):
    correct_address(booking, AddressCorrection(email=email, spoken=spoken), by=by)


def test_act_by_phone_needs_the_number_opened_within_the_hour(booking, inspector):
    booking.contact.phone_rules = ["call"]
    booking.contact.save()

    with pytest.raises(ActionError, match="Show her number first"):
        reset_pin(booking, BY_PHONE, by=inspector)
    ring(booking, inspector)
    now = timezone.now()
    late = time_machine.travel(now + datetime.timedelta(minutes=61), tick=False)
    with late, pytest.raises(ActionError, match="Show her number first"):
        reset_pin(booking, BY_PHONE, by=inspector)
    with time_machine.travel(now + datetime.timedelta(minutes=59), tick=False):
        reset_pin(booking, BY_PHONE, by=inspector)

    assert booking.events.get(kind=EventKind.PIN_RESET).code == "phone"


def test_number_opened_by_a_colleague_does_not_count(booking, inspector, colleague):
    ring(booking, colleague)

    with pytest.raises(ActionError, match="Show her number first"):
        reset_pin(booking, BY_PHONE, by=inspector)


@pytest.mark.parametrize("spoken", [IN_PERSON, NOT_SPOKEN], ids=["in person", "not spoken"])
def test_act_without_a_call_waits_for_a_second_inspector(booking, inspector, colleague, spoken):
    with pytest.raises(ApprovalNeeded):
        correct(booking, spoken, by=inspector)

    agree(booking, EventKind.ADDRESS_CORRECTED, spoken, by=inspector, second=colleague, email=NEW)
    correct(booking, spoken, by=inspector)

    done = booking.events.get(kind=EventKind.ADDRESS_CORRECTED)
    assert (done.by, done.approved_by, done.note) == (inspector, colleague, spoken.place)
    assert booking.contact.email == NEW


@pytest.mark.parametrize(
    "unreachable",
    [
        {"channel": Channel.NONE, "contact__email": "", "contact__email_hmac": ""},
        {"contact__messages_stopped_at": timezone.now()},
    ],
    ids=["no email", "stopped"],
)
def test_act_that_no_notice_could_announce_waits_for_a_second_inspector(southwark, inspector, unreachable):
    booking = BookingFactory(borough=southwark, **({"channel": Channel.DISCREET} | unreachable))
    ring(booking, inspector)

    with pytest.raises(ApprovalNeeded):
        reset_pin(booking, BY_PHONE, by=inspector)


def test_approval_is_for_this_act_and_is_used_once(booking, inspector, colleague):
    agree(booking, EventKind.ADDRESS_CORRECTED, IN_PERSON, by=inspector, second=colleague, email=NEW)

    with pytest.raises(ApprovalNeeded):
        correct(booking, IN_PERSON, by=inspector, email="mallory@example.com")
    with pytest.raises(ApprovalNeeded):
        reset_pin(booking, IN_PERSON, by=inspector)
    correct(booking, IN_PERSON, by=inspector)
    booking.contact.email = "other@example.com"
    booking.contact.save()
    with pytest.raises(ApprovalNeeded):
        correct(booking, IN_PERSON, by=inspector)


def test_nobody_agrees_to_her_own_act(booking, inspector):
    approval = request_approval(booking, EventKind.PIN_RESET, IN_PERSON, by=inspector)

    with pytest.raises(PermissionDenied):
        approve(approval, by=inspector)


def test_approval_lasts_an_hour(booking, inspector, colleague):
    with time_machine.travel("2026-12-01 10:00:00+00:00", tick=False) as clock:
        approval = request_approval(booking, EventKind.PIN_RESET, IN_PERSON, by=inspector)
        clock.move_to("2026-12-01 11:01:00+00:00")
        with pytest.raises(TransitionNotAllowed, match="the hour is over"):
            approve(approval, by=colleague)
        approval = request_approval(booking, EventKind.PIN_RESET, IN_PERSON, by=inspector)
        approve(approval, by=colleague)
        clock.move_to("2026-12-01 12:02:00+00:00")
        with pytest.raises(ApprovalNeeded):
            reset_pin(booking, IN_PERSON, by=inspector)


def test_colleagues_and_the_nominated_inspector_elsewhere_can_agree(booking, inspector, colleague, stranger, officer):
    elsewhere = InspectorFactory(bcu=BCUFactory(code="CN", name="Central North"))
    booking.bcu.nominated_inspector = elsewhere
    booking.bcu.save()

    approval = request_approval(booking, EventKind.PIN_RESET, IN_PERSON, by=inspector)

    can_agree = [
        user
        for user in (inspector, colleague, elsewhere, stranger, officer)
        if Approval.objects.visible_to(user).filter(pk=approval.pk).exists()
    ]
    asked = Message.objects.filter(kind="team_approval_needed")
    assert can_agree == [colleague, elsewhere]
    assert {message.recipient for message in asked} == {booking.bcu.inbox, elsewhere.email}
    assert [message for message in asked if "Maya" in message.text + message.html] == []


def test_page_asks_and_the_colleague_agrees(client, booking, inspector, colleague):
    page = f"/staff/bookings/{booking.pk}/new-pin/"
    answers = {"contact_method": "in_person", "contact_place": "Peckham police station"}
    client.force_login(inspector)
    asked = client.post(page, answers, follow=True)
    approval = Approval.objects.get()
    client.force_login(colleague)
    shown = client.get(f"/staff/approvals/{approval.pk}/")
    read = ReadLog.objects.get(officer=colleague)
    agreed = client.post(f"/staff/approvals/{approval.pk}/", follow=True)
    client.force_login(inspector)
    prepared = client.get(page)
    done = client.post(page, answers)
    history = client.get(f"/staff/bookings/{booking.pk}/").text

    assert "We’ve asked your colleagues" in asked.text
    assert "Peckham police station" in shown.text
    assert "Maya" not in shown.text
    assert (read.booking, read.kinds, read.reason) == (booking, ["approval"], ReadReason.APPROVAL)
    assert "You agreed" in agreed.text
    assert "Peckham police station" in prepared.text
    assert "Read this to her" in done.text
    assert f"Agreed by {colleague.display_name}." in history


def test_request_is_hidden_with_the_booking_while_her_details_are_being_deleted(client, booking, inspector, colleague):
    approval = request_approval(booking, EventKind.PIN_RESET, IN_PERSON, by=inspector)
    client.force_login(colleague)
    page = reverse("approvals:approve", args=[approval.pk])

    before = client.get(page)
    request_erasure(booking)

    assert before.status_code == 200
    assert [client.get(page).status_code, client.post(page).status_code] == [404, 404]
