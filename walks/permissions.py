"""Permissions for walks, duties and recurring walks. What a person can see is a queryset: `visible_to`."""

import datetime
from collections.abc import Collection
from typing import Protocol

from boroughs.models.bcus import BoroughCommandUnit
from boroughs.models.officers import Officer
from walks.models.walks import Walk


class BelongsToBCU(Protocol):
    """A booking, walk or concern, which belongs to a BCU or to one nominated inspector."""

    @property
    def bcu(self) -> BoroughCommandUnit: ...
    @property
    def bcu_id(self) -> int: ...
    @property
    def nominated_inspector_id(self) -> int | None: ...


def is_inspector(user: Officer) -> bool:
    return user.is_active and user.role == Officer.Role.INSPECTOR


def is_inspector_of(user: Officer, bcu: BoroughCommandUnit) -> bool:
    return is_inspector(user) and user.bcu_id == bcu.pk


def is_in_charge_of(user: Officer, row: BelongsToBCU) -> bool:
    """Return whether this inspector decides on the row. A nominated inspector is the only one who does.

    A booking or concern kept from a BCU is also kept from a nominated inspector who has since moved to that BCU.
    The BCU of a walk is always the nominated inspector's own.
    """
    if row.nominated_inspector_id is None:
        return is_inspector_of(user, row.bcu)
    is_nominated_inspector = is_inspector(user) and user.pk == row.nominated_inspector_id
    return is_nominated_inspector and (isinstance(row, Walk) or user.bcu_id != row.bcu_id)


def can_see_walks(user: Officer) -> bool:
    return user.is_active and user.role in (Officer.Role.OFFICER, Officer.Role.INSPECTOR)


def can_change_walk(user: Officer, walk: Walk) -> bool:
    return is_in_charge_of(user, walk)


def can_see_duty(user: Officer) -> bool:
    return user.is_active and user.role in (Officer.Role.OFFICER, Officer.Role.INSPECTOR)


def can_set_duty(user: Officer, officer: Officer) -> bool:
    """Allow officers to set their own duties, and inspectors those of their BCU's officers."""
    is_herself = user.is_active and user.role == Officer.Role.OFFICER and user.pk == officer.pk
    return is_herself or (officer.bcu is not None and is_inspector_of(user, officer.bcu))


def can_use_walk_actions(user: Officer, officers: Collection[Officer]) -> bool:
    """Allow the officers on the walk to use its buttons."""
    return user.is_active and user in officers


def can_read_details(user: Officer, walk: Walk, officers: Collection[Officer], now: datetime.datetime) -> bool:
    """Allow the inspector of the walk to read the requesters' details, and its officers near the time of the walk."""
    return can_change_walk(user, walk) or (can_use_walk_actions(user, officers) and walk.are_details_visible(now))


def can_be_assigned(officer: Officer, bcu: BoroughCommandUnit) -> bool:
    return officer.may_walk and officer.bcu_id == bcu.pk
