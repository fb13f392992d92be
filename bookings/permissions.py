"""Who may do what to a booking or a walk. Seeing is a queryset: `visible_to`."""

from collections.abc import Collection

from bookings.models import Booking, Walk
from boroughs.models import BoroughCommandUnit, Officer


def is_inspector_of(user: Officer, bcu: BoroughCommandUnit) -> bool:
    return user.is_active and user.role == Officer.Role.INSPECTOR and user.bcu_id == bcu.pk


def can_decide(user: Officer, booking: Booking) -> bool:
    """May she schedule, decline or cancel it, if its status allows that?"""
    return is_inspector_of(user, booking.bcu)


def can_change_walk(user: Officer, walk: Walk) -> bool:
    return is_inspector_of(user, walk.bcu)


def can_walk(user: Officer, officers: Collection[Officer]) -> bool:
    """May she press the buttons of the walk that these officers are on?"""
    return user.is_active and user in officers


def can_be_given_walks(officer: Officer, bcu: BoroughCommandUnit) -> bool:
    return officer.is_active and officer.leads_walks and officer.bcu_id == bcu.pk
