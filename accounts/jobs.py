"""The job that deletes sessions."""

import datetime

from django.contrib.sessions.models import Session
from django.db.models import QuerySet


def delete_expired_sessions(now: datetime.datetime) -> None:
    """Delete the sessions that no cookie opens any more, of staff and requesters."""
    expired_sessions(now).delete()


def expired_sessions(now: datetime.datetime) -> QuerySet[Session]:
    return Session.objects.filter(expire_date__lte=now)
