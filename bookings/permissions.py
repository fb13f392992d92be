"""Rules about what a user may do with a booking or a walk. The `visible_to` querysets say what she may see."""

import datetime
from collections.abc import Collection
from enum import StrEnum

from bookings.models.bookings import Booking
from bookings.models.contacts import BookingContact
from bookings.models.drafts import DRAFT_LIFETIME
from bookings.statuses import REPORTABLE_STATUSES, Channel, PhoneRule, Status
from boroughs.models.officers import Officer
from walks.models.walks import DETAILS_OPEN_AFTER, Walk
from walks.permissions import can_use_walk_actions, is_in_charge_of, is_inspector
from walks.statuses import WalkStatus

CARD_READ_OUT_BEFORE = datetime.timedelta(hours=24)
NO_ERASURE_BEFORE_WALK = NO_ERASURE_AFTER_WALK = datetime.timedelta(hours=24)
TEAM_MESSAGES_OPEN_BEFORE = datetime.timedelta(hours=2)


class BookingAction(StrEnum):
    """An action that an inspector takes on a booking. The booking page offers it as `offer_…`."""

    SCHEDULE = "schedule"
    OFFER_TIMES = "other_times"
    OFFER_PLACE = "place_on_walk"
    WITHDRAW_OFFER = "withdraw"
    DECLINE = "decline"
    HAND_OVER = "hand_over"
    CHANGE_WALK = "change"
    CANCEL = "cancel"
    DECLINE_CHANGE = "decline_change"
    RECORD_OUTCOME = "record_outcome"
    CONFIRM_BY_PHONE = "confirm_by_phone"
    RECORD_CONTACT = "record_contact"
    CLAIM = "claim"
    ADD_NOTE = "note"
    MARK_SAFEGUARDING = "safeguarding"
    CLOSE_SAFEGUARDING = "close_safeguarding"
    RESET_PIN = "reset_pin"
    LIFT_FREEZE = "lift_freeze"
    READ_OUT_CARD = "read_out_card"
    SEND_COPY = "send_copy"
    SEND_ERASURE_LINK = "send_erasure_link"


class RequesterAction(StrEnum):
    """An action that a requester takes on her booking, on her own page."""

    CONFIRM = "confirm"
    REPORT_NOT_MINE = "report_not_mine"
    REQUEST_OTHER_TIMES = "request_other_times"
    CANCEL = "cancel"
    ACKNOWLEDGE = "acknowledge"
    REPORT_NOBODY_CAME = "report_nobody_came"
    CORRECT_ADDRESS = "correct_address"
    STOP_MESSAGES = "stop_messages"
    GET_COPY = "get_copy"
    ERASE = "erase"
    UNDO_ERASURE = "undo_erasure"
    MESSAGE_TEAM = "message_team"


def available_actions(booking: Booking, user: Officer, now: datetime.datetime) -> frozenset[BookingAction]:
    """Return what this inspector may do with the booking now."""
    if not can_decide(user, booking):
        return frozenset()
    if booking.frozen_at is not None:  # nothing is decided until the requester has been spoken with
        safeguarding = (
            BookingAction.CLOSE_SAFEGUARDING if booking.has_open_safeguarding else BookingAction.MARK_SAFEGUARDING
        )
        return frozenset({BookingAction.LIFT_FREEZE, BookingAction.ADD_NOTE, safeguarding})
    may_offer = booking.may_become(Status.OFFERED)
    may_change_walk = booking.may_become(Status.CANCELLED_BY_US) and _has_scheduled_walk(booking)
    is_kept = booking.erased_at is None
    rules = {
        BookingAction.SCHEDULE: booking.awaits_decision and booking.confirmed_at is not None,
        BookingAction.OFFER_TIMES: may_offer,
        BookingAction.OFFER_PLACE: may_offer and can_share_walk(booking),
        BookingAction.WITHDRAW_OFFER: booking.status == Status.OFFERED,
        BookingAction.DECLINE: booking.may_become(Status.DECLINED),
        BookingAction.HAND_OVER: booking.status == Status.WAITING,
        BookingAction.CHANGE_WALK: may_change_walk,
        BookingAction.CANCEL: may_change_walk and not _has_walk_started(booking, now),
        BookingAction.DECLINE_CHANGE: booking.has_open_change_request,
        BookingAction.RECORD_OUTCOME: bool(possible_outcomes(booking, now)),
        BookingAction.CONFIRM_BY_PHONE: awaits_confirmation(booking) and can_confirm_by_phone(user, booking),
        BookingAction.RECORD_CONTACT: needs_contact(booking),
        BookingAction.CLAIM: booking.is_open,
        BookingAction.ADD_NOTE: is_kept,
        BookingAction.MARK_SAFEGUARDING: is_kept and not booking.has_open_safeguarding,
        BookingAction.CLOSE_SAFEGUARDING: booking.has_open_safeguarding,
        BookingAction.RESET_PIN: can_reset_pin(user, booking),
        BookingAction.READ_OUT_CARD: can_read_out_card(user, booking, now),
        BookingAction.SEND_COPY: has_confirmed_route(booking),
        BookingAction.SEND_ERASURE_LINK: has_confirmed_route(booking),
    }
    return frozenset(action for action, is_available in rules.items() if is_available)


def requester_actions(booking: Booking, now: datetime.datetime) -> frozenset[RequesterAction]:
    """Return what the requester may do with her booking now: nothing while it is frozen.

    While her details are being deleted, she can only undo that.
    """
    if booking.frozen_at is not None:
        return frozenset()
    if booking.awaits_erasure:
        return frozenset({RequesterAction.UNDO_ERASURE})
    may_cancel = booking.may_become(Status.CANCELLED_BY_REQUESTER) and not _has_walk_started(booking, now)
    must_acknowledge = booking.acknowledgement.is_needed and booking.acknowledgement.acknowledged_at is None
    rules = {
        RequesterAction.CONFIRM: awaits_confirmation(booking) or awaits_new_address(booking),
        RequesterAction.REPORT_NOT_MINE: booking.confirmed_at is None and booking.may_become(Status.NOT_MINE),
        RequesterAction.REQUEST_OTHER_TIMES: _may_request_other_times(booking, now),
        RequesterAction.CANCEL: may_cancel,
        RequesterAction.ACKNOWLEDGE: must_acknowledge,
        RequesterAction.REPORT_NOBODY_CAME: _may_report_nobody_came(booking, now),
        RequesterAction.CORRECT_ADDRESS: may_correct_address(booking),
        RequesterAction.STOP_MESSAGES: booking.can_be_emailed,
        RequesterAction.GET_COPY: _has_data_rights(booking),
        RequesterAction.ERASE: _has_data_rights(booking) and not must_wait_to_erase(booking, now),
        RequesterAction.MESSAGE_TEAM: _may_message_team(booking, now),
    }
    return frozenset(action for action, is_available in rules.items() if is_available)


def _has_data_rights(booking: Booking) -> bool:
    """Return whether we know the requester well enough to give her a copy or delete her details.

    A stranger at a mistyped address has no PIN, and hasn't confirmed the request.
    """
    return booking.is_kept and (booking.asks_for_pin or may_show_details(booking))


def is_walk_too_near_to_erase(booking: Booking, now: datetime.datetime) -> bool:
    """Return whether she has a walk within 24 hours, which deleting her details never cancels."""
    if booking.status != Status.SCHEDULED or booking.walk is None:
        return False
    return booking.walk.start_at <= now + NO_ERASURE_BEFORE_WALK


def must_be_reached_before_erasure(booking: Booking, now: datetime.datetime) -> bool:
    """Return whether she may be on her way to a walk that we cancelled, or alone after one that failed.

    Deleting her details would hide her from the colleagues who look for her. A day after the walk nobody goes there.
    """
    is_out = booking.cancellation_unacknowledged or booking.walk_needed_at <= now
    return needs_contact(booking) and is_out and now < booking.walk_needed_at + NO_ERASURE_AFTER_WALK


def must_wait_to_erase(booking: Booking, now: datetime.datetime) -> bool:
    return is_walk_too_near_to_erase(booking, now) or must_be_reached_before_erasure(booking, now)


def has_confirmed_route(booking: Booking) -> bool:
    """Return whether the requester has confirmed the email address to which we may write."""
    is_confirmed = booking.confirmed_at is not None and booking.contact.address_unconfirmed_since is None
    return is_confirmed and booking.can_be_emailed and bool(booking.contact.email)


def awaits_confirmation(booking: Booking) -> bool:
    """Return whether the requester has not yet confirmed that the request is hers."""
    return booking.is_open and booking.confirmed_at is None and booking.frozen_at is None


def may_show_details(booking: Booking, *, is_opened_by_pin: bool = False) -> bool:
    """Return whether the reader is known to be the requester, and not a stranger whose address she mistyped.

    She has to confirm the request, and a new address as well unless her PIN opened the page.
    """
    is_her_address = booking.contact.address_unconfirmed_since is None
    return booking.confirmed_at is not None and (is_her_address or is_opened_by_pin)


def awaits_new_address(booking: Booking) -> bool:
    """Return whether the requester has still to confirm her new address, from a message sent there."""
    return booking.is_kept and booking.contact.address_unconfirmed_since is not None


def needs_contact(booking: Booking) -> bool:
    """Return whether someone must speak with the requester, or meet her, to be sure that she is safe."""
    return booking.nobody_came_not_contacted or booking.cut_short_not_contacted or booking.cancellation_unacknowledged


def possible_outcomes(booking: Booking, now: datetime.datetime) -> list[Status]:
    """Return the outcomes that may be recorded, for a walk that officers did not close or the requester disputes."""
    if booking.walk is None or booking.erased_at is not None:
        return []
    if booking.status == Status.SCHEDULED and (booking.walk.end_at <= now or booking.reported_nobody_came):
        return [Status.COMPLETED, Status.OFFICERS_ABSENT, Status.REQUESTER_ABSENT]
    disputed = booking.status in (Status.COMPLETED, Status.REQUESTER_ABSENT) and booking.reported_nobody_came
    return [Status.OFFICERS_ABSENT] if disputed else []


def may_correct_address(booking: Booking) -> bool:
    """Return whether the requester's address may be corrected, because we still write to her."""
    return booking.can_be_emailed and booking.status not in (Status.NOT_MINE, Status.EXPIRED)


def may_arrive_late(booking: Booking, now: datetime.datetime) -> bool:
    """Return whether a no-show was recorded on a walk that can still take place."""
    return booking.status == Status.REQUESTER_ABSENT and booking.walk is not None and booking.walk.is_live_at(now)


def can_ask_again(booking: Booking) -> bool:
    """Return whether the requester may start another request with the answers of this one, which is closed."""
    was_hers = booking.status not in (Status.NOT_MINE, Status.EXPIRED)
    return was_hers and not booking.is_open and booking.erased_at is None and booking.frozen_at is None


def may_be_asked_about_walk(booking: Booking) -> bool:
    """Return whether the requester walked. We don't ask after a restricted booking, which is counted nowhere."""
    walked = booking.status == Status.COMPLETED and booking.walk_id is not None and booking.erased_at is None
    return walked and booking.nominated_inspector_id is None


def can_share_walk(booking: Booking) -> bool:
    """Return whether the requester may walk with others: only with full email, and never with a restricted booking."""
    return booking.channel == Channel.FULL and booking.nominated_inspector_id is None


def _has_scheduled_walk(booking: Booking) -> bool:
    return booking.walk is not None and booking.walk.status == WalkStatus.SCHEDULED


def _has_walk_started(booking: Booking, now: datetime.datetime) -> bool:
    return booking.walk is not None and booking.walk.has_begun(now)


def _may_request_other_times(booking: Booking, now: datetime.datetime) -> bool:
    """Allowed until the requester has a final answer, or until her walk begins."""
    if booking.walk is not None and booking.status == Status.SCHEDULED:
        return booking.walk.status == WalkStatus.SCHEDULED and now < booking.walk.start_at
    return booking.awaits_decision


def _may_report_nobody_came(booking: Booking, now: datetime.datetime) -> bool:
    """Allowed once for each walk, from its start until the end of the next evening, whatever the officers recorded."""
    if booking.walk is None or booking.status not in REPORTABLE_STATUSES:
        return False
    return booking.walk.may_be_reported_missed(now) and not booking.reported_nobody_came


def _may_message_team(booking: Booking, now: datetime.datetime) -> bool:
    """Return whether the requester has confirmed, and her booking is open or her walk ended at most 7 days ago."""
    if booking.confirmed_at is None or booking.erased_at is not None:
        return False
    return booking.is_open or (booking.walk is not None and now <= booking.walk.end_at + DETAILS_OPEN_AFTER)


def can_see_queue(user: Officer) -> bool:
    return is_inspector(user)


def can_check_officers(user: Officer) -> bool:
    """Return whether the user answers callers who ask the control room whether officers are those of a walk."""
    return user.is_active and user.role == Officer.Role.CONTROL_ROOM


def can_take_phone_bookings(user: Officer) -> bool:
    """Return whether this officer may make a booking for a requester on the phone or in person."""
    return can_see_queue(user)


def can_issue_first_pin(user: Officer, booking: Booking, *, took_booking: bool, now: datetime.datetime) -> bool:
    """Allowed for an hour after an inspector takes a phone booking, if no PIN has been set.

    Later an inspector resets the PIN by ringing the requester's number.
    """
    has_none = booking.needs_pin and not booking.contact.pin_hmac and booking.erased_at is None
    return user.is_active and took_booking and has_none and now < booking.asked_at + DRAFT_LIFETIME


def can_see_figures(user: Officer) -> bool:
    return user.is_active and user.role in (Officer.Role.INSPECTOR, Officer.Role.LEAD)


def can_decide(user: Officer, booking: Booking) -> bool:
    """Return whether this inspector may schedule, offer other times, decline or cancel, if the status allows it."""
    return booking.erasure_due_at is None and is_in_charge_of(user, booking)


def gave_number_for_calls(contact: BookingContact) -> bool:
    return bool(contact.phone) and PhoneRule.CALL in contact.phone_rules


def can_confirm_by_phone(user: Officer, booking: Booking) -> bool:
    """Return whether this inspector may confirm the request by phone: only on a number given to us for calls."""
    return can_decide(user, booking) and gave_number_for_calls(booking.contact)


def can_reset_pin(user: Officer, booking: Booking) -> bool:
    """Return whether this inspector may reset the PIN: the requester's page must need one, or already have one.

    A frozen booking gets a new PIN when the freeze is lifted.
    """
    has_page = bool(booking.contact.pin_hmac) or booking.needs_pin
    return has_page and booking.erased_at is None and booking.frozen_at is None and can_decide(user, booking)


def can_lift_freeze(user: Officer, booking: Booking) -> bool:
    return booking.frozen_at is not None and booking.erased_at is None and can_decide(user, booking)


def can_read_out_card(user: Officer, booking: Booking, now: datetime.datetime) -> bool:
    """Return whether this inspector may read the walk card to the requester on the phone: from 24 hours before it."""
    walk = booking.walk
    if walk is None or booking.status != Status.SCHEDULED:
        return False
    is_near = walk.start_at - CARD_READ_OUT_BEFORE <= now < walk.end_at
    return is_near and can_confirm_by_phone(user, booking)


def can_read_team_messages_on_walk(
    user: Officer, walk: Walk, officers: Collection[Officer], now: datetime.datetime
) -> bool:
    """Return whether an officer may read what requesters on her walk wrote: from two hours before it until it ended."""
    is_near = walk.start_at - TEAM_MESSAGES_OPEN_BEFORE <= now
    return is_near and walk.is_live and can_use_walk_actions(user, officers) and walk.are_details_visible(now)


def can_mark_safeguarding_on_walk(
    user: Officer, walk: Walk, officers: Collection[Officer], now: datetime.datetime
) -> bool:
    """Return whether an officer on this walk may mark a crime or safeguarding matter that a requester told her about.

    She may as long as she can read the requesters' details.
    """
    return can_use_walk_actions(user, officers) and walk.erased_at is None and walk.are_details_visible(now)
