"""A job of the timetable by which an older copy of the database is noticed (docs/decisions/restore.md)."""

import datetime

from walkandtalk.lib.database.restores import write_last_seen


def write_when_seen(_now: datetime.datetime) -> None:
    write_last_seen()
