"""How django-allauth signs people in here: by invitation, without a message of its own, and with our sessions."""

from typing import Any

from allauth.account.adapter import DefaultAccountAdapter
from allauth.core import context
from allauth.core.exceptions import ImmediateHttpResponse
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse

from accounts.force_sign_in.rules import BY_FORCE, force_settings, is_break_glass, may_enter
from accounts.models import SecurityEventKind as Kind
from accounts.password_tries.known_browsers import find_mark, remember_browser
from accounts.second_factor.state import has_second_factor, note_factor_of_force, note_second_factor
from accounts.security_log import record_security_event
from accounts.sessions.activity import note_proof, signed_in_recently, start_staff_session
from accounts.sessions.browsers import browser_in_words
from accounts.sessions.staff_sessions import list_session
from accounts.sign_in.actions import record_sign_in
from accounts.sign_in.steps import did_access_end, proved_to_force_at, remember_access, steps_taken
from boroughs.models.officers import Officer
from walkandtalk.lib.network import client_address

TOO_MANY_CODES = (
    "Wait five minutes, then try again. There were too many wrong tries. After 50 in a day, wait until tomorrow."
)
ALTERNATIVES = {
    "mfa_reauthenticate:webauthn": "Use a passkey",
    "mfa_reauthenticate": "Use a code from your authenticator app, or a recovery code",
    "reauthenticate": "Use your password",
}
"""How someone who is signed in can confirm that it’s them, the best way first."""


class AccountAdapter(DefaultAccountAdapter):
    error_messages = DefaultAccountAdapter.error_messages | {
        "too_many_login_attempts": TOO_MANY_CODES,
        "rate_limited": TOO_MANY_CODES,
    }

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        return False

    def get_client_ip(self, request: HttpRequest) -> str:
        return client_address(request)

    def add_message(self, *args: Any, **kwargs: Any) -> None:
        """Leave it to our pages to say what was done."""

    def send_notification_mail(self, *args: Any, **kwargs: Any) -> None:
        """Leave it to our actions, which queue a message in the transaction of the change."""

    def send_mail(self, template_prefix: str, email: str, context: dict[str, Any]) -> None:
        raise RuntimeError("Every message goes through the outbox.")

    def is_reauthentication_required(self, *, app: str, **kwargs: Any) -> bool:
        """Return whether someone has to confirm that it's them. Signing in a moment ago is as good."""
        return not signed_in_recently(context.request)

    def get_reauthentication_methods(self, user: Any) -> list[dict[str, Any]]:
        """Return the ways to confirm: the force's once it is on, else a second factor, or the password without one."""
        force = force_settings()
        if force is not None and user.is_authenticated and not is_break_glass(user):
            url = reverse("accounts:confirm_with_force")
            return [{"id": BY_FORCE, "description": f"Confirm with {force.name}", "url": url}]
        found = {method["id"]: method for method in super().get_reauthentication_methods(user)}
        if has_second_factor(user):
            found.pop("reauthenticate", None)
        return [{**found[name], "description": words} for name, words in ALTERNATIVES.items() if name in found]

    def pre_login(self, request: HttpRequest, user: Any, **kwargs: Any) -> HttpResponse | None:
        remember_access(request, user)
        response: HttpResponse | None = super().pre_login(request, user, **kwargs)
        return response

    def respond_user_inactive(self, request: HttpRequest, user: Any) -> HttpResponse:
        return redirect("accounts:sign_in")

    def login(self, request: HttpRequest, user: Any) -> None:
        """Start the session, with a new key even if this browser has an idle session of the same person."""
        if did_access_end(request, user):
            raise ImmediateHttpResponse(redirect("accounts:sign_in"))
        steps, new_browser = steps_taken(request, user), _new_browser(request, user)
        if not may_enter(user, steps):
            raise ImmediateHttpResponse(_refuse_steps(request, user))
        idle_key = request.session.session_key
        super().login(request, user)
        if request.session.session_key in (idle_key, None):  # None: a colleague's idle session was thrown away
            request.session.cycle_key()
        self._start_session(request, user)
        record_sign_in(user, steps=steps, new_browser=new_browser)
        if is_break_glass(user):
            record_security_event(Kind.BREAK_GLASS_USED, officer=user)

    def _start_session(self, request: HttpRequest, user: Any) -> None:
        proved_at = proved_to_force_at(request, user)
        start_staff_session(request)
        if proved_at is not None:
            note_proof(request, proved_at)
        list_session(request, user)
        note_factor_of_force(request, was_shown=proved_at is not None)
        note_second_factor(request, user)

    def post_login(self, request: HttpRequest, user: Any, **kwargs: Any) -> HttpResponse:
        response: HttpResponse = super().post_login(request, user, **kwargs)
        remember_browser(request, response, user)
        return response


def _refuse_steps(request: HttpRequest, officer: Officer) -> HttpResponse:
    """Log and tell that these steps, which were right, open nothing while the force's sign-in is on."""
    record_security_event(Kind.SIGN_IN_FAILED, subject=officer, change="not by force")
    messages.error(request, "That doesn’t open your account here. Sign in with your force account.")
    return redirect("accounts:sign_in")


def _new_browser(request: HttpRequest, officer: Officer) -> str:
    """Return the browser in words if this person has signed in before, but not in it."""
    is_known = officer.last_login is None or find_mark(request, officer) is not None
    return "" if is_known else browser_in_words(request.headers.get("User-Agent", ""))
