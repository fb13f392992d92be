"""The available actions that a page offers are those that the actions themselves allow."""

import datetime

import pytest
from django.core.exceptions import PermissionDenied
from django.utils import timezone

from bookings.on_the_day.actions import report_nobody_came
from bookings.on_the_day.outcomes.actions import record_outcome
from bookings.permissions import BookingAction, RequesterAction, available_actions, requester_actions
from bookings.request_form.confirmation import report_booking_not_mine
from bookings.scheduling.cancellation.actions import cancel_booking_by_requester
from bookings.scheduling.offers.actions import OfferedTime, offer_times, withdraw_offers
from bookings.scheduling.preferred_times.actions import decline_change_request, request_other_times
from bookings.statuses import CancelReason, DeclineReason, SafeguardingOutcome, Status
from bookings.triage.claims.actions import add_colleague_note, claim_booking
from bookings.triage.handover.actions import Handover, hand_over_booking
from bookings.triage.safeguarding.actions import close_safeguarding
from tests.support.addresses import rolled_back
from tests.support.decisions import cancel_now, decline_now, schedule_now
from tests.support.factories import (
    BookingFactory,
    OfferFactory,
    SafeguardingFlagFactory,
    WalkFactory,
    in_days,
)
from tests.support.preferred_times import make_preferred_time_request
from walkandtalk.lib.errors import ActionError

pytestmark = pytest.mark.django_db

HOUR = datetime.timedelta(hours=1)

STATUSES = [status for status in Status if status != Status.OFFERED]  # which has an offer: below
SITUATIONS = {
    **{f"was {status}": lambda place, walk, status=status: in_status(status, place, walk) for status in STATUSES},
    "waits unconfirmed": lambda place, walk: BookingFactory(borough=place, confirmed_at=None),
    "has an offer": lambda place, walk: OfferFactory(booking__borough=place).booking,
    "walk to come": lambda place, walk: on_walk(place, walk(in_days(9))),
    "walk to come, unconfirmed": lambda place, walk: on_walk(place, walk(in_days(9)), confirmed_at=None),
    "walk to come, change requested": lambda place, walk: on_walk(
        place, walk(in_days(9)), change_requested_at=timezone.now()
    ),
    "walk should have started": lambda place, walk: on_walk(place, walk(timezone.now() - HOUR / 4)),
    "walk under way": lambda place, walk: on_walk(place, walk(timezone.now() - HOUR / 4, status="under_way")),
    "walk is over": lambda place, walk: on_walk(place, walk(timezone.now() - 2 * HOUR)),
    "walk completed, she says nobody came": lambda place, walk: on_walk(
        place,
        walk(timezone.now() - 2 * HOUR, status="completed"),
        status=Status.COMPLETED,
        acknowledgement__nobody_came_reported_at=timezone.now(),
    ),
    "marked": lambda place, walk: SafeguardingFlagFactory(booking__borough=place).booking,
    "marked and closed": lambda place, walk: (
        SafeguardingFlagFactory(
            booking__borough=place, closed_at=timezone.now(), outcome=SafeguardingOutcome.KNOWN
        ).booking
    ),
    "erased": lambda place, walk: BookingFactory(borough=place, status=Status.DECLINED, erased_at=timezone.now()),
}


def in_status(status, place, walk):
    codes = {Status.DECLINED: DeclineReason.OTHER, Status.CANCELLED_BY_US: CancelReason.OTHER}
    needs_walk = status in (Status.SCHEDULED, Status.COMPLETED)
    return BookingFactory(
        borough=place,
        status=status,
        walk=walk(in_days(9)) if needs_walk else None,
        outcome_code=codes.get(status, ""),
    )


def on_walk(place, walk, **fields):
    return BookingFactory(
        **{"borough": place, "walk": walk, "walk_needed_at": walk.start_at, "status": "scheduled"} | fields
    )


@pytest.fixture(params=SITUATIONS)
def booking(request, southwark, team):
    def walk(start_at, **fields):
        return WalkFactory(bcu=southwark.bcu, officers=team, start_at=start_at, **fields)

    made = SITUATIONS[request.param](southwark, walk)
    made.refresh_from_db()
    return made


def test_available_actions_are_those_that_are_not_refused(booking, inspector, team, plan, camden):
    by = {"by": inspector, "version": booking.version}
    own_day = plan.__class__(**vars(plan) | {"start_at": in_days(20)})
    presses = {
        BookingAction.SCHEDULE: lambda: schedule_now(booking, inspector, plan=own_day, officers=team),
        BookingAction.OFFER_TIMES: lambda: offer_times(
            booking, times=[OfferedTime(start_at=in_days(8), place="Peckham")], **by
        ),
        BookingAction.WITHDRAW_OFFER: lambda: withdraw_offers(booking, **by),
        BookingAction.DECLINE: lambda: decline_now(booking, inspector, words="Sorry"),
        BookingAction.HAND_OVER: lambda: hand_over_booking(booking, Handover(to=camden.bcu, note=""), **by),
        BookingAction.CANCEL: lambda: cancel_now(booking, inspector, reason=CancelReason.OTHER),
        BookingAction.DECLINE_CHANGE: lambda: decline_change_request(booking, words="", **by),
        BookingAction.RECORD_OUTCOME: lambda: record_outcome(booking, outcome=Status.OFFICERS_ABSENT, **by),
        BookingAction.CLAIM: lambda: claim_booking(booking, by=inspector, claimed_by_id=None),
        BookingAction.ADD_NOTE: lambda: add_colleague_note(booking, by=inspector, note="Rings back"),
        BookingAction.CLOSE_SAFEGUARDING: lambda: close_safeguarding(
            booking, by=inspector, outcome=SafeguardingOutcome.KNOWN
        ),
    }

    available = available_actions(booking, inspector, timezone.now())

    assert {action: not is_refused(booking, press) for action, press in presses.items()} == {
        action: action in available for action in presses
    }


def test_requester_actions_are_those_that_are_not_refused(booking):
    other_times = make_preferred_time_request(12, 13)
    presses = {
        RequesterAction.CANCEL: lambda: cancel_booking_by_requester(booking),
        RequesterAction.REQUEST_OTHER_TIMES: lambda: request_other_times(booking, preferred_time=other_times),
        RequesterAction.REPORT_NOT_MINE: lambda: report_booking_not_mine(booking),
    }

    available = requester_actions(booking, timezone.now())

    assert {action: not is_refused(booking, press) for action, press in presses.items()} == {
        action: action in available for action in presses
    }
    if not booking.reported_nobody_came:  # reporting it twice is no mistake
        refused = is_refused(booking, lambda: report_nobody_came(booking))
        assert refused is (RequesterAction.REPORT_NOBODY_CAME not in available)


def is_refused(booking, press):
    with rolled_back():
        try:
            press()
        except (ActionError, PermissionDenied):
            refused = True
        else:
            refused = False
    booking.refresh_from_db()
    return refused


def test_available_actions_are_none_for_an_inspector_of_another_bcu(booking, stranger, officer, lead):
    now = timezone.now()

    assert [available_actions(booking, user, now) for user in (stranger, officer, lead)] == [frozenset()] * 3


def test_the_situations_offer_each_action_that_needs_no_phone(southwark, team, inspector):
    """Else the tests above could agree on nothing at all."""

    def walk(start_at, **fields):
        return WalkFactory(bcu=southwark.bcu, start_at=start_at, **fields)

    made = [situation(southwark, walk) for situation in SITUATIONS.values()]

    offered = frozenset().union(*(available_actions(each, inspector, timezone.now()) for each in made))

    assert set(BookingAction) - offered == {BookingAction.CONFIRM_BY_PHONE, BookingAction.RESET_PIN}
