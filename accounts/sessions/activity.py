"""The length of a staff session."""

import time
from datetime import timedelta

from django.conf import settings
from django.http import HttpRequest

ACTIVITY_INTERVAL = timedelta(seconds=30)
"""Activity is recorded at most this often, so an officer may be signed out this much too early."""


def is_session_expired(request: HttpRequest) -> bool:
    """Return whether the officer has been inactive for too long, or entered her password too long ago."""
    if "signed_in_at" not in request.session:
        start_staff_session(request)
    now = int(time.time())
    quiet = timedelta(seconds=now - request.session["seen_at"])
    whole = timedelta(seconds=now - request.session["signed_in_at"])
    return quiet > settings.STAFF_IDLE or whole > settings.STAFF_LONGEST


def signed_in_recently(request: HttpRequest) -> bool:
    """Return whether the person has proved so lately who they are that they need not confirm it again."""
    proved_at = int(request.session.get("proved_at", request.session.get("signed_in_at", 0)))
    return int(time.time()) - proved_at < settings.ACCOUNT_REAUTHENTICATION_TIMEOUT


def record_activity(request: HttpRequest) -> None:
    """Record activity at most once per ACTIVITY_INTERVAL, so that few pages wait for a write."""
    now = int(time.time())
    if now - request.session["seen_at"] >= ACTIVITY_INTERVAL.total_seconds():
        request.session["seen_at"] = now


def start_staff_session(request: HttpRequest) -> None:
    """Start the session of a person who has just signed in.

    The cookie may outlive the session: `is_session_expired` decides how long it is valid.
    """
    now = int(time.time())
    request.session["signed_in_at"] = request.session["seen_at"] = request.session["proved_at"] = now
    request.session.set_expiry(settings.STAFF_SESSION_COOKIE_AGE)


def note_proof(request: HttpRequest, proved_at: int) -> None:
    """Say when the person last proved who they are, if that was before the session: their force may still know them."""
    request.session["proved_at"] = min(proved_at, request.session["signed_in_at"])
