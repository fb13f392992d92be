"""A superuser of our own PostgreSQL, whom neither triggers nor foreign keys hold back. Nobody but tests has one."""

from contextlib import contextmanager

from django.db import connection
from django.test import override_settings

from devtools.stack import postgres
from walkandtalk.lib.database import roles


@contextmanager
def as_superuser():
    """Connect as the superuser inside this block. Not within a transaction."""
    with override_settings(DATABASE_OWNER={"USER": postgres.SUPERUSER}), roles.as_owner():
        with connection.cursor() as cursor:
            cursor.execute("SET session_replication_role = 'replica'")
        yield
