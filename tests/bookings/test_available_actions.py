"""The available actions that a page offers are those that the actions themselves allow."""

import dataclasses
import datetime

import pytest
from django.core.exceptions import PermissionDenied
from django.utils import timezone

from bookings.manage.contact.actions import change_email_address, stop_messages
from bookings.manage.freeze.actions import Unfreeze, lift_freeze
from bookings.manage.pins.actions import reset_pin
from bookings.manage.team_messages.actions import message_team
from bookings.models.events import Event
from bookings.notices.acknowledgements import acknowledge_news, record_contact
from bookings.on_the_day.actions import report_nobody_came
from bookings.on_the_day.outcomes.actions import record_outcome
from bookings.permissions import BookingAction, RequesterAction, available_actions, requester_actions
from bookings.read_log import record_card_read_out
from bookings.request_form.confirmation import confirm_booking, confirm_by_phone, report_booking_not_mine
from bookings.scheduling.cancellation.actions import (
    Cancellation,
    cancel_booking_by_requester,
    cancel_booking_by_us,
)
from bookings.scheduling.offers.actions import OfferedTime, offer_times, withdraw_offers
from bookings.scheduling.preferred_times.actions import decline_change_request, request_other_times
from bookings.scheduling.schedule.actions import Schedule, schedule_booking
from bookings.scheduling.shared_walks.places import PlaceOffer, offer_place_on_walk
from bookings.statuses import CancelReason, DeclineReason, EventKind, SafeguardingOutcome, Status
from bookings.triage.claims.actions import add_colleague_note, claim_booking
from bookings.triage.decline.actions import Decline, decline_booking
from bookings.triage.handover.actions import Handover, hand_over_booking
from bookings.triage.safeguarding.actions import close_safeguarding, mark_safeguarding_at_triage
from data_rights.copy.actions import open_copy, send_copy_link
from data_rights.erasure.actions import request_erasure, send_erasure_link, undo_erasure
from tests.support.addresses import rolled_back
from tests.support.booking_situations import SITUATIONS
from tests.support.decisions import change_now
from tests.support.factories import (
    InspectorFactory,
    WalkFactory,
    confirmed_adjustments,
    in_days,
)
from tests.support.preferred_times import make_preferred_time_request
from tests.support.spoken_with import BY_PHONE, IN_PERSON, agree, show_number
from walkandtalk.lib.errors import ActionError

pytestmark = pytest.mark.django_db

HOUR = datetime.timedelta(hours=1)


@pytest.fixture(params=SITUATIONS)
def booking(request, southwark, team, inspector):
    def walk(start_at, **fields):
        return WalkFactory(bcu=southwark.bcu, officers=team, start_at=start_at, **fields)

    made = SITUATIONS[request.param](southwark, walk)
    made.refresh_from_db()
    return made


@pytest.fixture
def booking_presses(booking, inspector, team, plan, camden, southwark):
    """Return what an inspector presses for each of her actions."""
    by = {"by": inspector, "version": booking.version}
    own_day = dataclasses.replace(plan, start_at=in_days(20))
    free = WalkFactory(bcu=southwark.bcu, officers=team, start_at=in_days(30))
    decline = Decline(reason=DeclineReason.OTHER, message="Sorry")
    offered = [OfferedTime(start_at=in_days(8), place="Peckham")]
    known = SafeguardingOutcome.KNOWN
    return {
        BookingAction.SCHEDULE: lambda: schedule_booking(booking, Schedule(plan=own_day, officers=team), **by),
        BookingAction.OFFER_TIMES: lambda: offer_times(booking, times=offered, **by),
        BookingAction.OFFER_PLACE: lambda: offer_place_on_walk(booking, PlaceOffer(walk=free, place="Peckham"), **by),
        BookingAction.WITHDRAW_OFFER: lambda: withdraw_offers(booking, **by),
        BookingAction.DECLINE: lambda: decline_booking(booking, decline, **by),
        BookingAction.HAND_OVER: lambda: hand_over_booking(booking, Handover(to=camden.bcu, note=""), **by),
        BookingAction.CHANGE_WALK: lambda: change_walk_of(booking, own_day, team, by=inspector),
        BookingAction.CANCEL: lambda: cancel_booking_by_us(booking, Cancellation(reason=CancelReason.OTHER), **by),
        BookingAction.DECLINE_CHANGE: lambda: decline_change_request(booking, message="", **by),
        BookingAction.RECORD_OUTCOME: lambda: record_outcome(booking, outcome=Status.OFFICERS_ABSENT, **by),
        BookingAction.CONFIRM_BY_PHONE: lambda: ring_and_confirm(booking, **by),
        BookingAction.RECORD_CONTACT: lambda: record_contact(booking, IN_PERSON, **by),
        BookingAction.CLAIM: lambda: claim_booking(booking, by=inspector, claimed_by_id=None),
        BookingAction.ADD_NOTE: lambda: add_colleague_note(booking, by=inspector, note="Rings back"),
        BookingAction.MARK_SAFEGUARDING: lambda: mark_safeguarding_at_triage(booking, by=inspector),
        BookingAction.CLOSE_SAFEGUARDING: lambda: close_safeguarding(booking, by=inspector, outcome=known),
        BookingAction.RESET_PIN: lambda: ring_and_reset_pin(booking, by=inspector),
        BookingAction.LIFT_FREEZE: lambda: ring_and_lift_freeze(booking, by=inspector),
        BookingAction.READ_OUT_CARD: lambda: ring_and_read_out_card(booking, by=inspector),
        BookingAction.SEND_COPY: lambda: send_copy_link(booking, by=inspector),
        BookingAction.SEND_ERASURE_LINK: lambda: send_erasure_link(booking, by=inspector),
    }


@pytest.fixture
def requester_presses(booking):
    """Return what the requester presses for each of her actions."""
    other_times = make_preferred_time_request(12, 13)
    return {
        RequesterAction.CONFIRM: lambda: confirm_booking(booking),
        RequesterAction.REPORT_NOT_MINE: lambda: report_booking_not_mine(booking),
        RequesterAction.REQUEST_OTHER_TIMES: lambda: request_other_times(booking, preferred_time=other_times),
        RequesterAction.CANCEL: lambda: cancel_booking_by_requester(booking),
        RequesterAction.ACKNOWLEDGE: lambda: acknowledge_news(booking, version=booking.version),
        RequesterAction.REPORT_NOBODY_CAME: lambda: report_nobody_came(booking),
        RequesterAction.CORRECT_ADDRESS: lambda: change_email_address(
            booking, email="new@example.com", is_verified=True
        ),
        RequesterAction.STOP_MESSAGES: lambda: stop_messages(booking),
        RequesterAction.GET_COPY: lambda: open_copy(booking, one_use_token=""),
        RequesterAction.ERASE: lambda: request_erasure(booking),
        RequesterAction.UNDO_ERASURE: lambda: undo_erasure(booking),
        RequesterAction.MESSAGE_TEAM: lambda: message_team(booking, words="I’ll be late"),
    }


def change_walk_of(booking, plan, team, *, by):
    if booking.walk is not None:
        change_now(booking.walk, by, plan=plan, officers=team, arranged=confirmed_adjustments(booking))


def ring_and_confirm(booking, *, by, version):
    show_number(booking, by=by)
    confirm_by_phone(booking, by=by, version=version)


def ring_and_reset_pin(booking, *, by):
    show_number(booking, by=by)
    agree(booking, EventKind.PIN_RESET, BY_PHONE, by=by, second=InspectorFactory(bcu=by.bcu))
    events = Event.objects.count()
    reset_pin(booking, BY_PHONE, by=by)
    assert Event.objects.count() == events + 1


def ring_and_lift_freeze(booking, *, by):
    show_number(booking, by=by)
    lift_freeze(booking, Unfreeze(spoken=BY_PHONE, email="", returns_to_team=True), by=by)


def ring_and_read_out_card(booking, *, by):
    show_number(booking, by=by)
    record_card_read_out(booking, by=by)


def is_done(press):
    """Return whether the press records an event. Otherwise it is refused, or changes nothing because it is late."""
    before = Event.objects.count()
    with rolled_back():
        try:
            press()
        except (ActionError, PermissionDenied):
            return False
        return Event.objects.count() > before


def done_among(presses, booking):
    done = set()
    for action, press in presses.items():
        if is_done(press):
            done.add(action)
        booking.refresh_from_db()
    return done


def test_available_actions_are_those_that_are_done(booking, booking_presses, inspector):
    available = available_actions(booking, inspector, timezone.now())

    assert done_among(booking_presses, booking) == available
    assert set(booking_presses) == set(BookingAction)


def test_requester_actions_are_those_that_are_done(booking, requester_presses):
    available = requester_actions(booking, timezone.now())

    assert done_among(requester_presses, booking) == available
    assert set(requester_presses) == set(RequesterAction)


def test_available_actions_are_none_for_an_inspector_of_another_bcu(booking, stranger, officer, lead):
    now = timezone.now()

    assert [available_actions(booking, user, now) for user in (stranger, officer, lead)] == [frozenset()] * 3


def test_the_situations_offer_every_action(southwark, team, inspector):
    """Else the tests above could agree on nothing at all."""
    now = timezone.now()

    def walk(start_at, **fields):
        return WalkFactory(bcu=southwark.bcu, start_at=start_at, **fields)

    made = [situation(southwark, walk) for situation in SITUATIONS.values()]

    assert frozenset().union(*(available_actions(each, inspector, now) for each in made)) == set(BookingAction)
    assert frozenset().union(*(requester_actions(each, now) for each in made)) == set(RequesterAction)
