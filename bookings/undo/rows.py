"""The rows of some bookings and walks as the database has them: before a decision, after it, and put back.

PostgreSQL itself reads and writes the rows as JSON, so a value comes back exactly as it was, and encrypted columns stay
encrypted all the way.
"""

import hashlib
import json
from collections.abc import Collection, Iterable
from typing import Any, NamedTuple
from uuid import UUID

from django.db import connection, models

from bookings.models.acknowledgements import Acknowledgement
from bookings.models.adjustments import Adjustment
from bookings.models.bookings import Booking
from bookings.models.claims import Claim
from bookings.models.contacts import BookingContact
from bookings.models.offers import Offer
from bookings.models.one_officer import OneOfficerQuestion
from bookings.models.response_targets import ResponseTarget
from bookings.models.sharing import Guest, SharingConsent
from walks.models.walks import Assignment, Walk

Row = dict[str, Any]
Rows = dict[tuple[str, str], Row]

MOVES_ON = frozenset({"version", "calendar_sequence"})
"""Columns that never go back, because a page or a calendar may have seen the number."""

OF_THE_TEAM = frozenset({"first_read_at", "at_risk_alerted_for", "late_alerted_for"})
"""Columns that show nothing of a change: a colleague opened the booking, or a job reminded the team."""


class Table(NamedTuple):
    """A table that a decision may change, with the columns that say whose a row is."""

    model: type[models.Model]
    of_booking: str | None
    of_walk: str | None

    @property
    def name(self) -> str:
        return self.model._meta.db_table

    @property
    def key(self) -> str:
        return str(self.model._meta.pk.column)

    @property
    def owners(self) -> list[str]:
        return [column for column in (self.of_booking, self.of_walk) if column]


TABLES = {
    table.name: table
    for table in (
        Table(Walk, None, "uuid"),
        Table(Assignment, None, "walk_id"),
        Table(Guest, None, "walk_id"),
        Table(Booking, "uuid", "walk_id"),
        Table(BookingContact, "booking_id", None),
        Table(Acknowledgement, "booking_id", None),
        Table(ResponseTarget, "booking_id", None),
        Table(Claim, "booking_id", None),
        Table(Adjustment, "booking_id", None),
        Table(Offer, "booking_id", "walk_id"),
        Table(OneOfficerQuestion, "booking_id", "walk_id"),
        Table(SharingConsent, "booking_id", "walk_id"),
    )
}


def read_rows(bookings: Collection[UUID], walks: Collection[UUID]) -> Rows:
    """Return every row of these bookings and walks. One query."""
    selects, params = [], []
    for table in TABLES.values():
        where = " OR ".join(f"{_quoted(column)} = ANY(%s::uuid[])" for column in table.owners)
        key, name = _quoted(table.key), _quoted(table.name)
        selects.append(f"SELECT '{table.name}', {key}::text, to_jsonb({name})::text FROM {name} WHERE {where}")  # noqa: S608  # names of our own tables
        params += [[str(pk) for pk in bookings]] if table.of_booking else []
        params += [[str(pk) for pk in walks]] if table.of_walk else []
    with connection.cursor() as cursor:
        cursor.execute(" UNION ALL ".join(selects), params)
        return {(table, key): _row(content) for table, key, content in cursor.fetchall()}


def _row(content: str) -> Row:
    return {column: value for column, value in json.loads(content).items() if column not in OF_THE_TEAM}


def walks_of(rows: Rows) -> set[UUID]:
    """Return the walks of the bookings and of the open offers among these rows."""
    with_walk = (row for (table, _key), row in rows.items() if "walk_id" in row and row.get("answer", "") == "")
    return {UUID(row["walk_id"]) for row in with_walk if row["walk_id"] is not None}


def hash_rows(rows: Rows, events: Collection[UUID]) -> str:
    """Return a hash of these rows and events, which differs after any change and any event."""
    content = json.dumps([[*key, rows[key]] for key in sorted(rows)] + sorted(map(str, events)), sort_keys=True)
    return hashlib.sha256(content.encode()).hexdigest()


def changes_between(before: Rows, after: Rows) -> list[tuple[str, str, Row | None]]:
    """Return what puts the rows back: table, key, and the earlier columns, or None for a row that was not there."""
    changes: list[tuple[str, str, Row | None]] = []
    for table, key in sorted(before.keys() | after.keys()):
        was, now = before.get((table, key)), after.get((table, key))
        if was is None or now is None:
            changes.append((table, key, was))
        elif earlier := {name: was[name] for name in was.keys() - MOVES_ON if was[name] != now[name]}:
            changes.append((table, key, earlier))
    return changes


def put_back(changes: Iterable[tuple[str, str, Row | None]], *, current: Rows) -> None:
    """Write the earlier rows. First delete what was added, because officers may walk only one walk at a time."""
    changes = list(changes)
    with connection.cursor() as cursor:
        for table, key, row in changes:
            if row is None:
                cursor.execute(f"DELETE FROM {_quoted(table)} WHERE {_where(table)}", [key])  # noqa: S608
        for table, key, row in changes:
            if row is not None:
                columns = [column for column in _columns(table) if column in row]
                names = ", ".join(_quoted(column) for column in columns)
                values = f"SELECT {names} FROM jsonb_populate_record(NULL::{_quoted(table)}, %s::jsonb)"  # noqa: S608
                if (table, key) in current:
                    sql = f"UPDATE {_quoted(table)} SET ({names}) = ({values}) WHERE {_where(table)}"  # noqa: S608
                    cursor.execute(sql, [json.dumps(row), key])
                else:
                    cursor.execute(f"INSERT INTO {_quoted(table)} ({names}) {values}", [json.dumps(row)])


def _columns(table: str) -> list[str]:
    """Return the columns that can be written, which leaves out those that the database generates."""
    fields = TABLES[table].model._meta.concrete_fields
    return [str(field.column) for field in fields if not field.generated]


def _where(table: str) -> str:
    return f"{_quoted(TABLES[table].key)} = %s"


def _quoted(name: str) -> str:
    return connection.ops.quote_name(name)
