"""Proposals for each walk of a day that can't go ahead: other officers, best first, then other times."""

import datetime
import itertools
from collections.abc import Collection, Iterator
from dataclasses import dataclass, field
from enum import StrEnum

from django.utils import timezone

from bookings.models.bookings import Booking
from bookings.models.preferred_times import PreferredTime
from boroughs.models.bcus import BoroughCommandUnit
from boroughs.models.officers import Officer
from walkandtalk.lib import london
from walks.models.walks import Walk
from walks.planning.availability import DAY, Availability
from walks.planning.suggestions import Slot, Suggestion, Team

OFFICERS_SHOWN, TIMES_SHOWN = 3, 2
DAYS_AHEAD = 14
ASKED_FOR, NOT_ASKED_FOR = "A time she asked for", "Not a time she asked for: the same hour on another day"
SAME_HOUR = "The same hour on another day"
"""With several women on the walk, no time is one that they all asked for."""
NOTICE = datetime.timedelta(hours=24)
"""A requester hears of another time at least this long before it."""


class Way(StrEnum):
    OFFICERS = "officers"
    TIME = "time"
    CANCEL = "cancel"
    LEAVE = "leave"


@dataclass(frozen=True, kw_only=True)
class Proposal:
    """One way to deal with a walk. Its code is what the form sends."""

    way: Way
    officers: tuple[Officer, ...] = ()
    start_at: datetime.datetime | None = None
    why: str = ""
    is_asked_for: bool = True
    """Whether the requester asked for the time, if the walk gets another."""

    @property
    def code(self) -> str:
        start = self.start_at.strftime("%Y%m%d%H%M") if self.start_at else ""
        return ":".join([self.way, start, ".".join(str(officer.pk) for officer in self.officers)])

    @property
    def label(self) -> str:
        names = " and ".join(officer.name_with_rank for officer in self.officers)
        match self.way:
            case Way.OFFICERS:
                return f"{names} walk{'s' if len(self.officers) == 1 else ''} instead"
            case Way.TIME if self.start_at is not None:
                return f"{london.short_date(self.start_at)}, {london.clock(self.start_at)}, with {names}"
            case Way.CANCEL:
                return "Cancel it, and tell everyone now"
            case _:
                return "Leave it as it is for now"


@dataclass
class WalkToClear:
    walk: Walk
    bookings: list[Booking]
    lacks_officers: bool = False
    """Whether too few others are free, though not the whole team is away."""
    proposals: list[Proposal] = field(default_factory=lambda: [Proposal(way=Way.CANCEL), Proposal(way=Way.LEAVE)])

    @property
    def proposed(self) -> Proposal | None:
        """The way that is chosen already: the best, unless it is a time for which she didn’t ask."""
        best = self.proposals[0]
        return best if best.is_asked_for else None

    @property
    def preferred_times(self) -> list[PreferredTime]:
        """The times that the only requester asked for. Several women never asked for one time together."""
        return self.bookings[0].current_preferred_times() if len(self.bookings) == 1 else []

    @property
    def names(self) -> str:
        return "; ".join(booking.contact.name for booking in self.bookings)

    @property
    def hint(self) -> str:
        too_few = "Too few other officers are free then" if self.lacks_officers else ""
        return ". ".join(filter(None, [self.names, too_few]))

    @property
    def title(self) -> str:
        return f"{london.clock(self.walk.start_at)}, {self.walk.meeting_place}"


class Proposer:
    """Proposes ways for the walks of one day. Four queries.

    Walks of different officers may be at the same time. Nobody is proposed for a walk if the first proposal of another
    already needs her then.
    """

    def __init__(
        self,
        bcu: BoroughCommandUnit,
        walks: Collection[WalkToClear],
        *,
        away: Collection[Officer],
        now: datetime.datetime,
    ) -> None:
        """Without officers who are away it is the whole team's day: nobody walks."""
        self.bcu, self.away, self.now = bcu, set(away), now
        self.proposed: dict[int, list[Slot]] = {}
        slots = [slot_of(to_clear.walk) for to_clear in walks]
        last = [Slot(start_at=slot.start_at + DAY * DAYS_AHEAD, minutes=slot.minutes) for slot in slots]
        asked_for = [slot for to_clear in walks for slot in self._asked_for(to_clear)]
        self.team = Team.load(bcu, slot=slots[0], others=[*slots[1:], *last, *asked_for])

    def propose(self, to_clear: WalkToClear) -> None:
        """Find the ways for this walk, best first."""
        found = [
            *itertools.islice(self._other_officers(to_clear), OFFICERS_SHOWN),
            *itertools.islice(self._other_times(to_clear), TIMES_SHOWN),
        ]
        if found:
            slot = slot_of(to_clear.walk, found[0].start_at)
            for officer in found[0].officers:
                self.proposed.setdefault(officer.pk, []).append(slot)
        to_clear.lacks_officers = bool(self.away) and all(proposal.way != Way.OFFICERS for proposal in found)
        to_clear.proposals = [*found, *to_clear.proposals]

    def _other_officers(self, to_clear: WalkToClear) -> Iterator[Proposal]:
        if not self.away:
            return
        walk = to_clear.walk
        staying = [officer for officer in walk.live_officers() if officer not in self.away]
        missing = self.bcu.min_officers - len(staying)
        if missing <= 0:
            yield Proposal(way=Way.OFFICERS, officers=tuple(staying), why="Already on this walk, and enough for it")
            return
        free = self._free_for(to_clear, besides={*staying, *self.away})
        if missing > 1:  # the best ones together
            if len(free) >= missing:
                best = [option.officer for option in free[:missing]]
                yield Proposal(way=Way.OFFICERS, officers=(*staying, *best), why=free[0].reason)
            return
        for option in free:
            yield Proposal(way=Way.OFFICERS, officers=(*staying, option.officer), why=option.reason)

    def _free_for(self, to_clear: WalkToClear, *, besides: Collection[Officer]) -> list[Suggestion]:
        walk, slot = to_clear.walk, slot_of(to_clear.walk)
        wards = {booking.ward_id for booking in to_clear.bookings if booking.ward_id}
        wanted = [booking.contact.skills_wanted() for booking in to_clear.bookings]
        cannot = walk.unavailable_officer_ids()
        return [
            option
            for option in self.team.suggest(slot, ward_ids=wards, wanted=wanted)
            if option.is_free and option.availability in (Availability.ON_DUTY, Availability.UNKNOWN)
            if option.officer not in besides and option.officer.pk not in cannot
            if not self._is_proposed(option.officer, slot)
        ]

    def _other_times(self, to_clear: WalkToClear) -> Iterator[Proposal]:
        """Yield other times that she asked for first, then the same hour on other days. Her officers walk if free."""
        walk, seen = to_clear.walk, set()
        usual = walk.live_officers()
        same_hour = list(self._next_days(walk))
        hers = [slot for slot in same_hour if is_asked_for(slot, to_clear)]
        for slot in [*hers, *self._asked_for(to_clear), *same_hour]:
            if slot.start_at in seen or not self._may_be_moved_to(slot, walk):
                continue
            seen.add(slot.start_at)
            free = self.team.count_free_at(slot)
            officers = [officer for officer in [*free.on_duty, *free.not_known] if not self._is_proposed(officer, slot)]
            officers.sort(key=lambda officer: officer not in usual)
            if len(officers) >= self.bcu.min_officers:
                yield Proposal(
                    way=Way.TIME,
                    officers=tuple(officers[: self.bcu.min_officers]),
                    start_at=slot.start_at,
                    why=_why(slot, to_clear),
                    is_asked_for=is_asked_for(slot, to_clear),
                )

    def _asked_for(self, to_clear: WalkToClear) -> Iterator[Slot]:
        """Yield the first start of each time that the only requester on the walk asked for."""
        for time in to_clear.preferred_times:
            try:
                start_at = london.to_instant(time.date, time.start)
            except london.AmbiguousOrMissingTime:
                continue
            yield Slot(start_at=start_at, minutes=to_clear.walk.minutes)

    def _next_days(self, walk: Walk) -> Iterator[Slot]:
        start = london.local(walk.start_at)
        for number in range(1, DAYS_AHEAD + 1):
            try:
                start_at = london.to_instant(start.date() + DAY * number, start.time())
            except london.AmbiguousOrMissingTime:
                continue
            yield Slot(start_at=start_at, minutes=walk.minutes)

    def _may_be_moved_to(self, slot: Slot, walk: Walk) -> bool:
        is_another_day = slot.date != walk.date
        is_open = not self.bcu.is_closed(slot.date) and slot.date <= self.bcu.last_date(london.local(self.now).date())
        return is_another_day and is_open and slot.start_at >= self.now + NOTICE

    def _is_proposed(self, officer: Officer, slot: Slot) -> bool:
        gap = datetime.timedelta(minutes=self.bcu.gap_minutes)
        (start, end) = slot.span
        return any(
            start < taken.span[1] + gap and taken.start_at < end + gap for taken in self.proposed.get(officer.pk, [])
        )


def is_asked_for(slot: Slot, to_clear: WalkToClear) -> bool:
    local = london.local(slot.start_at)
    return any(time.includes(local.date(), local.time()) for time in to_clear.preferred_times)


def _why(slot: Slot, to_clear: WalkToClear) -> str:
    if len(to_clear.bookings) != 1:
        return SAME_HOUR
    return ASKED_FOR if is_asked_for(slot, to_clear) else NOT_ASKED_FOR


def slot_of(walk: Walk, start_at: datetime.datetime | None = None) -> Slot:
    return Slot(start_at=start_at or walk.start_at, minutes=walk.minutes)


def propose_for_day(bcu: BoroughCommandUnit, walks: list[WalkToClear], *, away: Collection[Officer]) -> None:
    """Find the ways for each walk, earliest first."""
    if walks:
        proposer = Proposer(bcu, walks, away=away, now=timezone.now())
        for to_clear in walks:
            proposer.propose(to_clear)
