"""Signing out one's own other browsers."""

from django.contrib.sessions.models import Session
from django.db import transaction

from accounts.models import SecurityEventKind, StaffSession
from accounts.security_log import record_security_event
from accounts.sessions.ending import end_access, lock_account
from boroughs.models.officers import Officer
from walkandtalk.lib.errors import require


@transaction.atomic
def end_session(session: StaffSession, *, by: Officer) -> None:
    """Sign this browser out at once. Another press may have been quicker."""
    session.delete()
    if Session.objects.filter(session_key=session.session_key).delete()[0]:
        record_security_event(SecurityEventKind.SESSION_ENDED, officer=by, subject=by)


@transaction.atomic
def end_all_sessions(officer: Officer) -> Officer:
    """End every session and calendar address of this person, listed or not. Return the person as they are now."""
    now = lock_account(officer)
    require(now.is_active and now.access_version == officer.access_version)
    end_access(now)
    record_security_event(SecurityEventKind.SESSION_ENDED, officer=now, subject=now)
    return now
