"""The mark by which a database knows that it is still the one that was last seen (docs/decisions/restore.md)."""

import datetime
from typing import Self

from django.db import models
from django.db.models import F, Q
from django.db.models.expressions import RawSQL
from django.db.models.functions import Greatest, Now

# The timeline goes up with every recovery from a backup, and the identifier belongs to one server. A dump that is
# loaded into the same server makes the table again, with another oid. A database that
# was copied within the server (CREATE DATABASE … TEMPLATE) has its own oid. The application's role may read all four.
SYSTEM_IDENTIFIER = "(SELECT system_identifier FROM pg_control_system())"
TIMELINE = "('x' || left(pg_walfile_name(pg_current_wal_insert_lsn()), 8))::bit(32)::bigint"
DATABASE = "(SELECT oid::bigint FROM pg_database WHERE datname = current_database())"
TABLE = "to_regclass('public.database_databasemark')::oid::bigint"
HERE = {"system_identifier": SYSTEM_IDENTIFIER, "timeline": TIMELINE, "database_oid": DATABASE, "table_oid": TABLE}


def _from_server(sql: str) -> RawSQL:
    return RawSQL(sql, [], output_field=models.BigIntegerField())  # noqa: S611  # our own constants


class DatabaseMarkQuerySet(models.QuerySet["DatabaseMark"]):
    def here(self) -> Self:
        """Return the mark if it was made here: on this server and timeline, and in this copy of the table."""
        return self.filter(**{name: _from_server(sql) for name, sql in HERE.items()})


class DatabaseMark(models.Model):
    """Where this database was when someone last said that it is complete. The one row is made with the table."""

    id = models.PositiveSmallIntegerField(primary_key=True, default=1)
    system_identifier = models.BigIntegerField()
    timeline = models.BigIntegerField()
    database_oid = models.BigIntegerField()
    table_oid = models.BigIntegerField()
    seen_at = models.DateTimeField(db_default=Now())
    """When a process last wrote beside the ledger that it saw this database. It only goes up."""

    objects = DatabaseMarkQuerySet.as_manager()

    class Meta:
        constraints = [models.CheckConstraint(name="there_is_one_mark", condition=Q(id=1))]

    def __str__(self) -> str:
        return f"{self.system_identifier} {self.timeline} {self.database_oid} {self.table_oid}"

    @classmethod
    def move_here(cls) -> None:
        """Say that this database is complete."""
        cls.see()
        cls.objects.update(**{name: _from_server(sql) for name, sql in HERE.items()})

    @classmethod
    def move_away(cls) -> None:
        """Say that this database was restored, although server, timeline and table are the same."""
        cls.objects.update(system_identifier=0)

    @classmethod
    def see(cls) -> None:
        """Say that this database is the one in use now. Even if the server's clock is put back, the time goes up."""
        cls.objects.update(seen_at=Greatest(Now(), F("seen_at") + datetime.timedelta(microseconds=1)))
