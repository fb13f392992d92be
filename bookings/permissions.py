"""Who may do what to a booking or a walk. Seeing is a queryset: `visible_to`."""

import datetime
from collections.abc import Collection

from bookings.models import Booking, Walk
from bookings.statuses import PhoneRule
from boroughs.models import BoroughCommandUnit, Officer


def is_inspector_of(user: Officer, bcu: BoroughCommandUnit) -> bool:
    return user.is_active and user.role == Officer.Role.INSPECTOR and user.bcu_id == bcu.pk


def can_see_queue(user: Officer) -> bool:
    return user.is_active and user.role == Officer.Role.INSPECTOR


def can_see_walks(user: Officer) -> bool:
    return user.is_active and user.role in (Officer.Role.OFFICER, Officer.Role.INSPECTOR)


def can_decide(user: Officer, booking: Booking) -> bool:
    """May she schedule, decline or cancel it, if its status allows that?"""
    return is_inspector_of(user, booking.bcu)


def can_confirm_by_phone(user: Officer, booking: Booking) -> bool:
    """May she say that she has spoken with her? Only on a number that she gave us for calling."""
    contact = booking.contact
    return can_decide(user, booking) and bool(contact.phone) and PhoneRule.CALL in contact.phone_rules


def can_change_walk(user: Officer, walk: Walk) -> bool:
    return is_inspector_of(user, walk.bcu)


def can_walk(user: Officer, officers: Collection[Officer]) -> bool:
    """May she press the buttons of the walk that these officers are on?"""
    return user.is_active and user in officers


def can_read_details(user: Officer, walk: Walk, officers: Collection[Officer], now: datetime.datetime) -> bool:
    """May she read who walks with her? An inspector of its BCU may; an officer on it may around the walk."""
    return can_change_walk(user, walk) or (can_walk(user, officers) and walk.shows_details(now))


def can_be_given_walks(officer: Officer, bcu: BoroughCommandUnit) -> bool:
    return officer.is_active and officer.leads_walks and officer.bcu_id == bcu.pk
