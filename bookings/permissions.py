"""Who may do what to a booking or a walk. Seeing is a queryset: `visible_to`."""

import datetime
from collections.abc import Collection

from bookings.models.bookings import Booking
from bookings.models.drafts import DRAFT_LIFE
from bookings.statuses import PhoneRule
from boroughs.models.officers import Officer
from walks.models.walks import Walk
from walks.permissions import can_walk, is_inspector, looks_after


def can_see_queue(user: Officer) -> bool:
    return is_inspector(user)


def can_take_bookings(user: Officer) -> bool:
    """May she make a booking for a woman who rings, or whom she meets?"""
    return can_see_queue(user)


def can_give_first_pin(user: Officer, booking: Booking, *, took_it_down: bool, now: datetime.datetime) -> bool:
    """While she who made the booking still speaks with her, and nobody has a PIN. Afterwards her number is rung."""
    has_none = booking.needs_pin and not booking.contact.pin_hmac and booking.forgotten_at is None
    return user.is_active and took_it_down and has_none and now < booking.asked_at + DRAFT_LIFE


def can_see_figures(user: Officer) -> bool:
    return user.is_active and user.role in (Officer.Role.INSPECTOR, Officer.Role.LEAD)


def can_decide(user: Officer, booking: Booking) -> bool:
    """May she schedule, decline or cancel it, if its status allows that?"""
    return looks_after(user, booking)


def can_confirm_by_phone(user: Officer, booking: Booking) -> bool:
    """May she say that she has spoken with her? Only on a number that she gave us for calling."""
    contact = booking.contact
    return can_decide(user, booking) and bool(contact.phone) and PhoneRule.CALL in contact.phone_rules


def can_reset_pin(user: Officer, booking: Booking) -> bool:
    """Only on the number that she gave us for calling, and only where her page asks for a PIN or knows one."""
    has_page = booking.forgotten_at is None and (bool(booking.contact.pin_hmac) or booking.needs_pin)
    return has_page and can_confirm_by_phone(user, booking)


def can_stop_on_walk(user: Officer, walk: Walk, officers: Collection[Officer], now: datetime.datetime) -> bool:
    """May she mark what a woman told her on this walk? For as long as she may read who that woman is."""
    return can_walk(user, officers) and walk.forgotten_at is None and walk.shows_details(now)
