"""The mark by which a database knows that it is still the one that was last seen (docs/decisions/restore.md)."""

from typing import Self

from django.db import models
from django.db.models import Q
from django.db.models.expressions import RawSQL

# The timeline goes up with every recovery from a backup, and the identifier belongs to one server. A dump that is
# loaded into the same server makes the table again, with another oid. The application's role may read all three.
SYSTEM_IDENTIFIER = "(SELECT system_identifier FROM pg_control_system())"
TIMELINE = "('x' || left(pg_walfile_name(pg_current_wal_insert_lsn()), 8))::bit(32)::bigint"
TABLE = "to_regclass('public.database_databasemark')::oid::bigint"
HERE = {"system_identifier": SYSTEM_IDENTIFIER, "timeline": TIMELINE, "table_oid": TABLE}


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
    table_oid = models.BigIntegerField()

    objects = DatabaseMarkQuerySet.as_manager()

    class Meta:
        constraints = [models.CheckConstraint(name="there_is_one_mark", condition=Q(id=1))]

    def __str__(self) -> str:
        return f"{self.system_identifier} {self.timeline} {self.table_oid}"

    @classmethod
    def move_here(cls) -> None:
        """Say that this database is complete."""
        cls.objects.update(**{name: _from_server(sql) for name, sql in HERE.items()})
