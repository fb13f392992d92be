"""Jobs that delete what has expired: sessions, and rows of the shared cache."""

import datetime

from django.conf import settings
from django.contrib.sessions.models import Session
from django.db import connection
from django.db.models import Exists, OuterRef, QuerySet

from accounts.models import StaffSession
from outbox.jobs import delete_batch, delete_in_batches

SESSIONS_BATCH = 5000


def delete_expired_sessions(now: datetime.datetime) -> None:
    """Delete the sessions that no cookie opens any more, of staff and requesters."""
    delete_in_batches(lambda: delete_batch(expired_sessions(now), SESSIONS_BATCH))
    StaffSession.objects.filter(~Exists(Session.objects.filter(pk=OuterRef("session_key")))).delete()


def delete_expired_cache_rows(now: datetime.datetime) -> None:
    """Delete them although nobody reads them again, because Django counts all rows whenever it adds one."""
    table = connection.ops.quote_name(settings.SHARED_CACHE_TABLE)
    with connection.cursor() as cursor:
        cursor.execute(f"DELETE FROM {table} WHERE expires < %s", [now])  # noqa: S608  # the name of our own table


def expired_sessions(now: datetime.datetime) -> QuerySet[Session]:
    return Session.objects.filter(expire_date__lte=now)
