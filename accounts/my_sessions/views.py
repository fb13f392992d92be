"""The page with the browsers in which one is signed in."""

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_POST, require_safe

from accounts.my_sessions import actions
from accounts.requests import OfficerRequest
from accounts.second_factor.pages import stay_signed_in
from accounts.sessions.confirmation import ask_to_confirm_press
from accounts.sessions.staff_sessions import OpenSession, open_sessions


@require_safe
def sessions(request: OfficerRequest) -> HttpResponse:
    """List the browsers in which this person is signed in."""
    return render(request, "accounts/sessions.html", {"sessions": _open_sessions(request), "now": timezone.now()})


@require_POST
@ask_to_confirm_press("accounts:sessions")
def end_session(request: OfficerRequest, pk: int) -> HttpResponse:
    """Sign one other browser out."""
    session = next((session for session in _other_sessions(request) if session.row.pk == pk), None)
    if session is None:
        raise Http404
    actions.end_session(session.row, by=request.user)
    messages.success(request, f"{session.row.browser} is signed out.")
    return redirect("accounts:sessions")


@require_POST
@ask_to_confirm_press("accounts:sessions")
def end_other_sessions(request: OfficerRequest) -> HttpResponse:
    """Sign all other browsers out, also any that the list doesn’t have, and end the calendar’s address."""
    officer = actions.end_all_sessions(request.user)
    messages.success(request, "You’re signed out everywhere else.")
    return stay_signed_in(request, officer, "accounts:sessions")


def _open_sessions(request: OfficerRequest) -> list[OpenSession]:
    return open_sessions(request.user, this=request.session.session_key)


def _other_sessions(request: OfficerRequest) -> list[OpenSession]:
    return [session for session in _open_sessions(request) if not session.is_this]
