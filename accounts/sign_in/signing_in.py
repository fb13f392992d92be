"""Signing an officer in: the only place where a session of the staff begins."""

from django.contrib.auth import login
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect

from accounts.models import SecurityEventKind
from accounts.password_tries.known_browsers import remember_browser
from accounts.security_log import record_security_event
from accounts.sessions.activity import start_staff_session
from boroughs.models.officers import Officer


def sign_in_officer(request: HttpRequest, officer: Officer, *, to: str) -> HttpResponse:
    """Begin the session of someone who has proved who they are, and lead to the address `to`."""
    login(request, officer)
    start_staff_session(request)
    response = redirect(to)
    remember_browser(request, response, officer)
    record_security_event(SecurityEventKind.SIGNED_IN, officer=officer)
    return response
