"""Signing in, as an event."""

from django.db import transaction

from accounts.emails import send_new_browser
from accounts.models import SecurityEventKind
from accounts.security_log import record_security_event
from boroughs.models.officers import Officer


@transaction.atomic
def record_sign_in(officer: Officer, *, steps: list[str], new_browser: str) -> None:
    """Log the sign-in and its steps. `new_browser` is the browser in words, or empty if it is one of theirs."""
    event = record_security_event(SecurityEventKind.SIGNED_IN, officer=officer, change=" + ".join(steps))
    if new_browser:
        send_new_browser(officer, new_browser, event)
