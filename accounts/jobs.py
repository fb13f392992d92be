"""Jobs that delete sessions and sign-in records."""

import datetime

from axes.models import AccessAttempt, AccessLog
from django.conf import settings
from django.contrib.sessions.models import Session


def delete_expired_sessions(now: datetime.datetime) -> None:
    """Delete the sessions that no cookie opens any more, of staff and requesters."""
    Session.objects.filter(expire_date__lte=now).delete()


def delete_old_sign_ins(now: datetime.datetime) -> None:
    """Delete the records of who signed in or tried to, after `KEEP_SIGN_INS_DAYS`."""
    since = now - datetime.timedelta(days=settings.KEEP_SIGN_INS_DAYS)
    for records in (AccessAttempt, AccessLog):
        records.objects.filter(attempt_time__lte=since).delete()
