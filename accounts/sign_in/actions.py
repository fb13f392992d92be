"""Signing in, as an event."""

import datetime

from django.db import transaction

from accounts.emails import send_new_browser, send_second_step_failed
from accounts.force_sign_in.rules import may_use_password
from accounts.limits import RateLimit
from accounts.models import RateCount, SecurityEventKind
from accounts.security_log import record_security_event
from boroughs.models.officers import Officer

QUARTER_OF_AN_HOUR = datetime.timedelta(minutes=15)


@transaction.atomic
def record_sign_in(officer: Officer, *, steps: list[str], new_browser: str) -> None:
    """Log the sign-in and its steps. `new_browser` is the browser in words, or empty if it is one of theirs."""
    event = record_security_event(SecurityEventKind.SIGNED_IN, officer=officer, change=" + ".join(steps))
    if new_browser:
        send_new_browser(officer, new_browser, event, has_password=may_use_password(officer))


@transaction.atomic
def refuse_second_step(officer: Officer) -> None:
    """Log that someone with this person's password has failed the second step too often, and tell the person.

    That is once in a quarter of an hour. The person may have mistyped, but someone else may know the password.
    """
    if RateCount.objects.were_unused([RateLimit(f"second step of {officer.pk}", QUARTER_OF_AN_HOUR, 1)]):
        kind = SecurityEventKind.SIGN_IN_REFUSED
        event = record_security_event(kind, subject=officer, change="second step")
        send_second_step_failed(officer, event)
