"""Signing out one's own other browsers."""

from collections.abc import Iterable

from django.contrib.sessions.models import Session
from django.db import transaction

from accounts.models import SecurityEventKind, StaffSession
from accounts.security_log import record_security_event
from boroughs.models.officers import Officer


@transaction.atomic
def end_sessions(sessions: Iterable[StaffSession], *, by: Officer) -> int:
    """Sign these browsers out at once. Return how many there were: another press may have been quicker."""
    keys = [session.session_key for session in sessions]
    StaffSession.objects.visible_to(by).filter(session_key__in=keys).delete()
    _, deleted = Session.objects.filter(session_key__in=keys).delete()
    ended = deleted.get(Session._meta.label, 0)
    if ended:
        record_security_event(SecurityEventKind.SESSION_ENDED, officer=by, subject=by, count=ended)
    return ended
