"""Signing someone out everywhere, without closing their account: a lost phone, or a computer that was left open."""

from django.db import transaction

from accounts.emails import send_signed_out_by_administrator
from accounts.force_sign_in.rules import has_way_in
from accounts.models import SecurityEventKind
from accounts.security_log import record_security_event
from accounts.sessions.ending import end_access, lock_account
from boroughs.models.officers import Officer
from walkandtalk.lib.errors import TransitionNotAllowed, require

NOT_YET = "They haven’t signed in yet, so there is nothing to end. Their invitation still works."


@transaction.atomic
def sign_out_everywhere(person: Officer, *, by: Officer) -> None:
    """End every session and calendar address of this person. They are told, and can sign in again at once."""
    require(by.is_staff)
    now = lock_account(person)
    if not has_way_in(now):
        raise TransitionNotAllowed(NOT_YET)
    end_access(now)
    event = record_security_event(SecurityEventKind.SESSION_ENDED, officer=by, subject=person)
    send_signed_out_by_administrator(person, event)
