"""Jobs that delete sessions and sign-in records."""

import datetime

from axes.models import AccessAttempt, AccessLog
from django.conf import settings
from django.contrib.sessions.models import Session
from django.db.models import Model, QuerySet


def delete_expired_sessions(now: datetime.datetime) -> None:
    """Delete the sessions that no cookie opens any more, of staff and requesters."""
    expired_sessions(now).delete()


def expired_sessions(now: datetime.datetime) -> QuerySet[Session]:
    return Session.objects.filter(expire_date__lte=now)


def delete_old_sign_ins(now: datetime.datetime) -> None:
    """Delete the records of who signed in or tried to, after `KEEP_SIGN_INS_DAYS`."""
    for records in old_sign_ins(now):
        records.delete()


def old_sign_ins(now: datetime.datetime) -> tuple[QuerySet[Model], ...]:
    """Return the failed attempts and the sign-ins that are due for deletion."""
    since = now - datetime.timedelta(days=settings.KEEP_SIGN_INS_DAYS)
    return tuple(model.objects.filter(attempt_time__lte=since) for model in (AccessAttempt, AccessLog))
