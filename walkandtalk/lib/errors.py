"""Errors to show to a person, and the permission check that every action makes."""

from django.core.exceptions import PermissionDenied


class ActionError(Exception):
    """Something that cannot be done, in a sentence for the person who asked for it."""


class TransitionNotAllowed(ActionError):
    """The status has changed since the page was shown."""


def require(allowed: bool) -> None:
    if not allowed:
        raise PermissionDenied
