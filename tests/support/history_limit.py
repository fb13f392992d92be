"""The clock of the database, which decides when history is old enough to be deleted."""

from django.db import connection

from walkandtalk.lib.database.append_only import KEPT_SINCE


def history_limit():
    """Return the moment up to which history may be deleted. It stays the same within a transaction."""
    return _value(f"SELECT {KEPT_SINCE}")


def database_now():
    return _value("SELECT now()")


def _value(query):
    with connection.cursor() as cursor:
        cursor.execute(query)
        return cursor.fetchone()[0]
