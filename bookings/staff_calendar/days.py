"""Walks in a range of days: by day, by officer and by ward."""

import datetime
from collections.abc import Callable, Collection, Iterable
from dataclasses import dataclass

from django.db.models import Prefetch

from bookings.models.bookings import Booking
from bookings.statuses import REPORTABLE_STATUSES
from boroughs.models.bcus import Ward
from boroughs.models.officers import Officer
from walkandtalk.lib import london
from walks.flags import Flag
from walks.models.duties import DutyDay
from walks.models.walks import Assignment, Walk, WalkQuerySet, officers_on
from walks.planning.availability import DAY, dates_from
from walks.planning.duty_conflicts import Conflicts, find_duty_conflicts, flags_with_conflicts
from walks.statuses import DutyKind, WalkStatus

MOST = 500
"""The most walks on one page. Beyond that, the page says so, and a shorter range shows the rest."""

NO_OFFICER, NO_WARD, CANCELLED = "No officers", "No ward", "Cancelled walks"
MAX_ENTRIES_IN_CELL = 5
ENDINGS = {
    WalkStatus.COMPLETED: Flag("Ended safely", "green"),
    WalkStatus.CUT_SHORT: Flag("Cut short", "red"),
    WalkStatus.NOT_HELD: Flag("Didn’t take place", "grey"),
    WalkStatus.CANCELLED: Flag("Cancelled", "grey"),
}


@dataclass(frozen=True)
class CalendarEntry:
    """One walk, with only the details that a calendar shows."""

    walk: Walk
    officers: list[Officer]
    wards: list[str]
    women: int
    flags: list[Flag]

    @property
    def date(self) -> datetime.date:
        return self.walk.date

    @property
    def is_cancelled(self) -> bool:
        return self.walk.status in (WalkStatus.CANCELLED, WalkStatus.NOT_HELD)

    @property
    def who(self) -> list[str]:
        """Rank and name, like "PC Ada Example". A narrow cell has no room for the shoulder number."""
        if self.walk.status == WalkStatus.CANCELLED:
            return []
        return [officer.name_with_rank for officer in self.officers] or [NO_OFFICER]

    @property
    def row_without_officers(self) -> str:
        return CANCELLED if self.walk.status == WalkStatus.CANCELLED else NO_OFFICER

    @property
    def where(self) -> str:
        return " and ".join(self.wards)

    @property
    def requesters_in_words(self) -> str:
        return "1 woman" if self.women == 1 else f"{self.women} women"


@dataclass(frozen=True)
class Day:
    date: datetime.date
    entries: list[CalendarEntry]
    on_leave: list[str]

    @property
    def first(self) -> list[CalendarEntry]:
        return self.entries[:MAX_ENTRIES_IN_CELL]

    @property
    def more(self) -> int:
        """The number of walks for which a cell of the month has no room."""
        return len(self.entries) - len(self.first)


@dataclass(frozen=True)
class Cell:
    date: datetime.date
    entries: list[CalendarEntry]
    is_on_leave: bool


@dataclass(frozen=True)
class Row:
    name: str
    cells: list[Cell]


@dataclass(frozen=True)
class CalendarSpan:
    """A range of days with their walks and leave, in few queries, however many walks there are."""

    dates: list[datetime.date]
    entries: list[CalendarEntry]
    leave: dict[str, set[datetime.date]]
    """Days of leave, by the officer's name."""
    is_truncated: bool

    @classmethod
    def load(
        cls, walks: WalkQuerySet, officers: Collection[Officer], first: datetime.date, count: int, *, for_team: bool
    ) -> "CalendarSpan":
        """Load the walks that start on these London days, and the officers' leave.

        Only the team's inspector sees which officer is not on duty for a walk, because of a colleague's leave.
        """
        dates = list(dates_from(first, count))
        midnight = datetime.time()
        start, end = london.first_instant(first, midnight), london.first_instant(dates[-1] + DAY, midnight)
        found = list(_fetched(walks.filter(start_at__gte=start, start_at__lt=end))[: MOST + 1])
        conflicts = find_duty_conflicts(found) if for_team else {}
        return cls(
            dates, [_entry(walk, conflicts) for walk in found[:MOST]], _leave(officers, dates), len(found) > MOST
        )

    def days(self) -> list[Day]:
        return [
            Day(date, self._on(date), sorted(name for name, dates in self.leave.items() if date in dates))
            for date in self.dates
        ]

    def weeks(self) -> list[list[Day]]:
        days = self.days()
        return [days[number : number + 7] for number in range(0, len(days), 7)]

    def by_officer(self) -> list[Row]:
        """Return a row for each officer with a walk or leave in the range, and one for walks without officers."""
        return self._rows(
            lambda entry: [officer.display_name for officer in entry.officers] or [entry.row_without_officers],
            self.leave,
        )

    def by_ward(self) -> list[Row]:
        return self._rows(lambda entry: entry.wards, {})

    def _on(self, date: datetime.date) -> list[CalendarEntry]:
        return [entry for entry in self.entries if entry.date == date]

    def _rows(self, names: Callable[[CalendarEntry], Iterable[str]], leave: dict[str, set[datetime.date]]) -> list[Row]:
        found: dict[str, dict[datetime.date, list[CalendarEntry]]] = {name: {} for name in leave}
        for entry in self.entries:
            for name in names(entry):
                found.setdefault(name, {}).setdefault(entry.date, []).append(entry)
        last = (NO_OFFICER, NO_WARD, CANCELLED)
        return [
            Row(name, [Cell(date, on.get(date, []), date in leave.get(name, ())) for date in self.dates])
            for name, on in sorted(found.items(), key=lambda row: (row[0] in last, row[0]))
        ]


def filter_walks(walks: WalkQuerySet, *, officer: Officer | None, ward: Ward | None) -> WalkQuerySet:
    """Return this officer's walks, and walks with a booking from this ward. A cancelled walk has no officers."""
    if officer is not None:
        assignments = Assignment.objects.filter(is_live=True, officer=officer)
        walks = walks.filter(pk__in=assignments.values("walk"))
    if ward is not None:
        bookings = Booking.objects.filter(ward=ward, walk__isnull=False, erasure_due_at=None)
        walks = walks.filter(pk__in=bookings.values("walk"))
    return walks


def _fetched(walks: WalkQuerySet) -> WalkQuerySet:
    """Prefetch, in order, what the calendar shows. The requesters' details and the phrase are not even loaded."""
    bookings = Booking.objects.filter(erasure_due_at=None).select_related("ward", "borough")
    related = walks.select_related("bcu").defer("officers_phrase", "requester_phrase", "map_coordinates")
    women = (Prefetch("bookings", bookings), Prefetch("cut_short_bookings", bookings))
    return related.prefetch_related(officers_on("assignments"), *women).order_by("start_at", "pk")


def _entry(walk: Walk, conflicts: Conflicts) -> CalendarEntry:
    """Build the entry from prefetched rows alone."""
    cut_short, bookings = list(walk.cut_short_bookings.all()), list(walk.bookings.all())
    walked = {booking.pk for booking in bookings if booking.status in REPORTABLE_STATUSES} | {
        booking.pk for booking in cut_short
    }
    wards = sorted({_area(booking) for booking in [*bookings, *cut_short]})
    return CalendarEntry(walk, walk.live_officers(), wards or [NO_WARD], len(walked), _flags(walk, conflicts))


def _area(booking: Booking) -> str:
    """Include the borough, because two wards of one BCU may have the same name."""
    return f"{booking.ward.name}, {booking.borough.name}" if booking.ward else booking.borough.name


def _flags(walk: Walk, conflicts: Conflicts) -> list[Flag]:
    ended = ENDINGS.get(WalkStatus(walk.status))
    return [ended] if ended else flags_with_conflicts(walk, conflicts)


def _leave(officers: Collection[Officer], dates: list[datetime.date]) -> dict[str, set[datetime.date]]:
    named = {officer.pk: officer.display_name for officer in officers}
    days = DutyDay.objects.filter(officer__in=named, kind=DutyKind.LEAVE, date__range=(dates[0], dates[-1]))
    leave: dict[str, set[datetime.date]] = {}
    for officer_id, date in days.values_list("officer_id", "date"):
        leave.setdefault(named[officer_id], set()).add(date)
    return leave
