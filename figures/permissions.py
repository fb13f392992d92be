"""Permissions for figures of all BCUs."""

from boroughs.models.officers import Officer


def can_compare_bcus(user: Officer) -> bool:
    return user.is_active and user.role == Officer.Role.LEAD
