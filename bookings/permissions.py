"""Who may do what to a booking or a walk. Seeing is a queryset: `visible_to`."""

import datetime
from collections.abc import Collection
from typing import Protocol

from bookings.models import DRAFT_LIFE, Booking, Walk
from bookings.statuses import PhoneRule
from boroughs.models import BoroughCommandUnit, Officer


class ForOneBCU(Protocol):
    """A booking, a walk or a concern: a BCU's, or kept for one handler."""

    @property
    def bcu(self) -> BoroughCommandUnit: ...
    @property
    def bcu_id(self) -> int: ...
    @property
    def handler_id(self) -> int | None: ...


def is_inspector_of(user: Officer, bcu: BoroughCommandUnit) -> bool:
    return user.is_active and user.role == Officer.Role.INSPECTOR and user.bcu_id == bcu.pk


def looks_after(user: Officer, row: ForOneBCU) -> bool:
    """Is she the inspector whom this comes to? What has a handler comes to her alone.

    What is kept from a BCU is kept from a handler who now works there. The BCU of a walk is its handler's own.
    """
    if row.handler_id is None:
        return is_inspector_of(user, row.bcu)
    is_handler = user.is_active and user.role == Officer.Role.INSPECTOR and user.pk == row.handler_id
    return is_handler and (isinstance(row, Walk) or user.bcu_id != row.bcu_id)


def can_see_queue(user: Officer) -> bool:
    return user.is_active and user.role == Officer.Role.INSPECTOR


def can_take_bookings(user: Officer) -> bool:
    """May she make a booking for a woman who rings, or whom she meets?"""
    return can_see_queue(user)


def can_give_first_pin(user: Officer, booking: Booking, *, took_it_down: bool, now: datetime.datetime) -> bool:
    """While she who made the booking still speaks with her, and nobody has a PIN. Afterwards her number is rung."""
    has_none = booking.needs_pin and not booking.contact.pin_hmac and booking.forgotten_at is None
    return user.is_active and took_it_down and has_none and now < booking.asked_at + DRAFT_LIFE


def can_see_figures(user: Officer) -> bool:
    return user.is_active and user.role in (Officer.Role.INSPECTOR, Officer.Role.LEAD)


def can_see_walks(user: Officer) -> bool:
    return user.is_active and user.role in (Officer.Role.OFFICER, Officer.Role.INSPECTOR)


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


def can_change_walk(user: Officer, walk: Walk) -> bool:
    return looks_after(user, walk)


def can_see_duty(user: Officer) -> bool:
    return user.is_active and user.role in (Officer.Role.OFFICER, Officer.Role.INSPECTOR)


def can_set_duty(user: Officer, officer: Officer) -> bool:
    """May she say when that officer is on duty? An officer of herself, an inspector of her BCU's."""
    is_herself = user.is_active and user.role == Officer.Role.OFFICER and user.pk == officer.pk
    return is_herself or (officer.bcu is not None and is_inspector_of(user, officer.bcu))


def can_walk(user: Officer, officers: Collection[Officer]) -> bool:
    """May she press the buttons of the walk that these officers are on?"""
    return user.is_active and user in officers


def can_read_details(user: Officer, walk: Walk, officers: Collection[Officer], now: datetime.datetime) -> bool:
    """May she read who walks with her? The inspector of the walk may; an officer on it may around the walk."""
    return can_change_walk(user, walk) or (can_walk(user, officers) and walk.shows_details(now))


def can_stop_on_walk(user: Officer, walk: Walk, officers: Collection[Officer], now: datetime.datetime) -> bool:
    """May she mark what a woman told her on this walk? For as long as she may read who that woman is."""
    return can_walk(user, officers) and walk.forgotten_at is None and walk.shows_details(now)


def can_be_given_walks(officer: Officer, bcu: BoroughCommandUnit) -> bool:
    return officer.is_active and officer.leads_walks and officer.bcu_id == bcu.pk
