"""Writes everything again with the first keys, in batches that hold few rows for a moment.

A row is locked, read and written in one transaction, and a row that someone else holds is left for the next round. So
nobody waits long, and what others write meanwhile is never lost. After a kill it goes on where it was.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from django.db import connection, models, transaction
from psycopg2.extras import execute_values

from walkandtalk.lib.encryption import DecryptionError
from walkandtalk.lib.fields import EncryptedField, EncryptedValue
from walkandtalk.lib.keys.columns import RotatedField, Table
from walkandtalk.lib.keys.keyed_hashes import KeyedHashField

BATCH = 200


@dataclass(frozen=True)
class Progress:
    """The rows of one batch, or of several, by what became of them."""

    written: int = 0
    held_by_others: int = 0
    unreadable: int = 0

    def __add__(self, other: "Progress") -> "Progress":
        return Progress(
            self.written + other.written,
            self.held_by_others + other.held_by_others,
            self.unreadable + other.unreadable,
        )


def rotate(table: Table, *, batch_size: int = BATCH) -> Iterator[Progress]:
    """Go once through the table in the order of its primary key."""
    last: object = None
    keys = table.model._base_manager.order_by("pk").values_list("pk", flat=True)
    while batch := list((keys if last is None else keys.filter(pk__gt=last))[:batch_size]):
        yield rotate_rows(table, batch)
        last = batch[-1]


@transaction.atomic
def rotate_rows(table: Table, keys: Sequence[object]) -> Progress:
    outdated = list(table.outdated().filter(pk__in=keys).values_list("pk", flat=True))
    if not outdated:
        return Progress()
    rows = table.outdated().select_for_update(of=("self",), no_key=True, skip_locked=True).filter(pk__in=outdated)
    paths = {field.related_row for field in table.fields if isinstance(field, KeyedHashField)} - {""}
    found = list(rows.select_related(*paths) if paths else rows)
    written, unreadable = [], 0
    for row in found:
        before = [_stored(field, row) for field in table.fields]
        try:
            after = [_made_again(field, row) for field in table.fields]
        except DecryptionError:
            unreadable += 1
        else:
            written += [[row.pk, *after]] if after != before else []
    _write(table, written)
    return Progress(len(written), len(outdated) - len(found), unreadable)


def _stored(field: RotatedField, row: models.Model) -> Any:
    value = row.__dict__[field.attname]
    return value.data if isinstance(value, EncryptedValue) else value


def _made_again(field: RotatedField, row: models.Model) -> Any:
    return field.sealed_again(row) if isinstance(field, EncryptedField) else field.made_again(row)


def _write(table: Table, rows: list[list[Any]]) -> None:
    """Write all of them in one statement. The ORM would seal each text once more, and take a statement for each row."""
    if not rows:
        return
    columns = [table.model._meta.pk, *table.fields]
    pk, *changed = names = [connection.ops.quote_name(str(column.column)) for column in columns]
    types = ", ".join(f"%s::{column.db_type(connection)}" for column in columns)
    query = (
        f"UPDATE {connection.ops.quote_name(table.name)} AS held "  # noqa: S608  # names of our own columns
        f"SET {', '.join(f'{name} = new.{name}' for name in changed)} "
        f"FROM (VALUES %s) AS new ({', '.join(names)}) WHERE held.{pk} = new.{pk}"
    )
    with connection.cursor() as cursor:
        execute_values(cursor, query, rows, template=f"({types})", page_size=len(rows))
