"""Who may do what to a booking or a walk. Seeing is a queryset: `visible_to`."""

import datetime
from collections.abc import Collection

from bookings.models.bookings import Booking
from bookings.models.drafts import DRAFT_LIFETIME
from bookings.statuses import PhoneRule
from boroughs.models.officers import Officer
from walks.models.walks import Walk
from walks.permissions import can_use_walk_actions, is_in_charge_of, is_inspector


def can_see_queue(user: Officer) -> bool:
    return is_inspector(user)


def can_take_phone_bookings(user: Officer) -> bool:
    """May she make a booking for a woman who rings, or whom she meets?"""
    return can_see_queue(user)


def can_issue_first_pin(user: Officer, booking: Booking, *, took_booking: bool, now: datetime.datetime) -> bool:
    """While she who made the booking still speaks with her, and nobody has a PIN. Afterwards her number is rung."""
    has_none = booking.needs_pin and not booking.contact.pin_hmac and booking.erased_at is None
    return user.is_active and took_booking and has_none and now < booking.asked_at + DRAFT_LIFETIME


def can_see_figures(user: Officer) -> bool:
    return user.is_active and user.role in (Officer.Role.INSPECTOR, Officer.Role.LEAD)


def can_decide(user: Officer, booking: Booking) -> bool:
    """May this inspector schedule, offer other times, decline or cancel, if the status of the booking allows it?"""
    return is_in_charge_of(user, booking)


def can_confirm_by_phone(user: Officer, booking: Booking) -> bool:
    """May she say that she has spoken with her? Only on a number that she gave us for calling."""
    contact = booking.contact
    return can_decide(user, booking) and bool(contact.phone) and PhoneRule.CALL in contact.phone_rules


def can_reset_pin(user: Officer, booking: Booking) -> bool:
    """Only on the number that she gave us for calling, and only where her page asks for a PIN or knows one."""
    has_page = booking.erased_at is None and (bool(booking.contact.pin_hmac) or booking.needs_pin)
    return has_page and can_confirm_by_phone(user, booking)


def can_stop_on_walk(user: Officer, walk: Walk, officers: Collection[Officer], now: datetime.datetime) -> bool:
    """May she mark what a woman told her on this walk? For as long as she may read who that woman is."""
    return can_use_walk_actions(user, officers) and walk.erased_at is None and walk.are_details_visible(now)
