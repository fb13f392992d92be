"""How long a staff session lasts."""

import time
from datetime import timedelta

from django.conf import settings
from django.http import HttpRequest

ACTIVITY_INTERVAL = timedelta(seconds=30)
"""So much too early may an officer be signed out who asked for pages shortly after one another."""


def is_session_expired(request: HttpRequest) -> bool:
    """Has nobody asked for a page for too long, or was the password given too long ago?"""
    if "signed_in_at" not in request.session:
        start_staff_session(request)
    now = int(time.time())
    quiet = timedelta(seconds=now - request.session["seen_at"])
    whole = timedelta(seconds=now - request.session["signed_in_at"])
    return quiet > settings.STAFF_IDLE or whole > settings.STAFF_LONGEST


def record_activity(request: HttpRequest) -> None:
    """Not more often than ACTIVITY_INTERVAL: few pages have to wait for a write."""
    now = int(time.time())
    if now - request.session["seen_at"] >= ACTIVITY_INTERVAL.total_seconds():
        request.session["seen_at"] = now


def start_staff_session(request: HttpRequest) -> None:
    """Her password was given just now. How long the session is good for is asked above, not of the cookie."""
    request.session["signed_in_at"] = request.session["seen_at"] = int(time.time())
    request.session.set_expiry(settings.STAFF_SESSION_COOKIE_AGE)
