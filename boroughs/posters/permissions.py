"""Permissions for the posters of a team."""

from boroughs.models.bcus import BoroughCommandUnit
from boroughs.models.officers import Officer


def can_use_posters(user: Officer) -> bool:
    """Return whether this person lists and makes posters: inspectors do, for their BCU."""
    return user.is_active and user.role == Officer.Role.INSPECTOR and user.bcu_id is not None


def can_make_posters_of(user: Officer, bcu: BoroughCommandUnit) -> bool:
    return can_use_posters(user) and user.bcu_id == bcu.pk
