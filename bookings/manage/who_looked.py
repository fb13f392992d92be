"""Who opened the requester's details, as her page shows it (docs/rules.md#who-looked)."""

import datetime
from dataclasses import dataclass

from bookings.models.bookings import Booking
from bookings.models.read_log import ReadLog
from bookings.statuses import ReadReason

ONE_LOOK = datetime.timedelta(hours=1)
"""Openings by one person for one reason within this time are shown as one."""


@dataclass(frozen=True)
class Look:
    """One or more openings: a rank, a team and an hour, and never a name."""

    at: datetime.datetime
    rank: str
    team: str
    why: str

    @property
    def until(self) -> datetime.datetime:
        return self.at + datetime.timedelta(hours=1)


def who_looked(booking: Booking) -> list[Look]:
    """Return who opened her details, newest first. One query."""
    looks: list[Look] = []
    since: dict[tuple[int, str], datetime.datetime] = {}
    opened = booking.reads.exclude(reason=ReadReason.LIST)
    for read in opened.select_related("officer__bcu").order_by("at", "pk"):
        key = (read.officer_id, read.reason)
        if key not in since or read.at - since[key] >= ONE_LOOK:
            since[key] = read.at
            looks.append(_look(read))
    return looks[::-1]


def _look(read: ReadLog) -> Look:
    bcu = read.officer.bcu
    return Look(
        at=read.at.replace(minute=0, second=0, microsecond=0),
        rank=read.officer.rank_title or read.officer.get_rank_display(),
        team=bcu.team_name if bcu is not None else "",
        why=str(ReadReason(read.reason).label),
    )
