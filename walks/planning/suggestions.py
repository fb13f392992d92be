"""Suggest officers for a walk: free and on duty first, then by the skills the requester needs, then by ward."""

import datetime
from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass
from typing import cast

from django.db.backends.postgresql.psycopg_any import DateTimeTZRange
from django.db.models import OuterRef
from django.utils import timezone

from boroughs.models.bcus import BoroughCommandUnit, Ward
from boroughs.models.officers import Officer
from walkandtalk.lib import london
from walkandtalk.lib.counting import CountUpTo
from walks.models.walks import Assignment, Walk
from walks.planning.availability import Availability, TeamAvailability, TimeSpan, describe_rest

RECENT = datetime.timedelta(days=60)
DAY = datetime.timedelta(days=1)
TIME_STEP, MAX_STEPS, OTHER_TIMES = datetime.timedelta(minutes=30), 8, 3


@dataclass(frozen=True, kw_only=True)
class Slot:
    """A possible time for a walk."""

    start_at: datetime.datetime
    minutes: int

    @property
    def span(self) -> TimeSpan:
        return self.start_at, self.start_at + datetime.timedelta(minutes=self.minutes)

    @property
    def date(self) -> datetime.date:
        return london.local(self.start_at).date()

    def period(self, gap_minutes: int) -> DateTimeTZRange:
        until = self.start_at + datetime.timedelta(minutes=self.minutes + gap_minutes)
        return DateTimeTZRange(self.start_at, until, "[)")


@dataclass(frozen=True, kw_only=True)
class SkillsWanted:
    """Skills that one requester on the walk needs."""

    bsl: bool
    details: str
    """The requester's own words, which may name a language."""


@dataclass(frozen=True, kw_only=True)
class Suggestion:
    """An officer who can be assigned to walks here, with reasons for and against."""

    officer: Officer
    is_free: bool | None  # None while the walk has no time
    availability: Availability
    duty: str
    rest: str
    skills: tuple[str, ...]
    is_local: bool
    recent_walks: int

    @property
    def is_likely(self) -> bool:
        """Return whether she can be expected then: free, with enough rest, and on duty as far as we know."""
        is_on_duty = self.availability in (Availability.ON_DUTY, Availability.UNKNOWN)
        return self.is_free is True and is_on_duty and not self.rest

    @property
    def order(self) -> tuple[bool, int, int, bool, int, str, int]:
        """The sort key, best first. A needed skill counts more than the ward, because few officers have it."""
        return (
            self.is_free is False,
            self.availability,
            -len(self.skills),
            not self.is_local,
            self.recent_walks,
            self.officer.name,
            self.officer.pk,
        )

    @property
    def reason(self) -> str:
        """List the reasons for an officer: "Free then · On duty then · No walks in the 60 days before"."""
        reasons = {True: ["Free then"], False: ["On another walk then"], None: []}[self.is_free]
        reasons += [self.duty] if self.duty else []
        reasons += [f"Short rest: {self.rest}"] if self.rest else []
        reasons += self.skills
        if self.is_local:
            reasons.append(f"Her ward, {cast('Ward', self.officer.ward).name}")
        walks = {0: "No walks", 1: "1 walk"}.get(self.recent_walks, f"{self.recent_walks} walks")
        return " · ".join([*reasons, f"{walks} in the {RECENT.days} days before"])


@dataclass(frozen=True)
class AvailableAt:
    """The officers who are free at one time."""

    on_duty: list[Officer]
    not_known: list[Officer]
    """Free, but with no duties entered."""

    @property
    def short(self) -> str:
        """The numbers in one line: "4 free, 2 to ask", for officers whose duty is not known."""
        parts = [f"{len(self.on_duty)} free"] if self.on_duty else []
        parts += [f"{len(self.not_known)} to ask"] if self.not_known else []
        return ", ".join(parts) or "Nobody free"


class Team:
    """The officers who can be assigned to walks in a BCU, and their availability at some times. Four queries."""

    def __init__(
        self,
        bcu: BoroughCommandUnit,
        officers: list[Officer],
        availability: TeamAvailability,
        not_available: list[Officer],
    ) -> None:
        self.bcu = bcu
        self.not_available = not_available
        """Those who lead walks and are not available for any (docs/rules.md#not-available)."""
        self._officers = officers
        self._availability = availability

    @classmethod
    def load(
        cls, bcu: BoroughCommandUnit, *, slot: Slot | None, others: Iterable[Slot] = (), except_walk: Walk | None = None
    ) -> "Team":
        """Count recent walks up to `slot`. `except_walk`, the walk being changed, keeps no officer busy."""
        start_at = slot.start_at if slot else timezone.now()
        recent = Assignment.objects.starting_between(start_at - RECENT, start_at).filter(officer=OuterRef("pk"))
        leading = Officer.objects.who_lead_walks(bcu).order_by("name", "pk")
        everyone = list(leading.select_related("ward").annotate(recent_walks=CountUpTo(recent)))
        officers = [officer for officer in everyone if officer.is_available]
        slots = [*([slot] if slot else []), *others]
        dates = [candidate.date for candidate in slots] or [london.today()]
        availability = TeamAvailability.load(officers, min(dates), max(dates), except_walk=except_walk)
        return cls(bcu, officers, availability, [officer for officer in everyone if not officer.is_available])

    def suggest(
        self, slot: Slot | None, *, ward_ids: Collection[int], wanted: Iterable[SkillsWanted] = ()
    ) -> list[Suggestion]:
        """Return all officers, best first."""
        needs = list(wanted)
        suggestions = [self._suggestion(officer, slot, ward_ids, needs) for officer in self._officers]
        return sorted(suggestions, key=lambda suggestion: suggestion.order)

    def count_free_at(self, slot: Slot) -> AvailableAt:
        free = [officer for officer in self._officers if self._is_free(officer, slot)]
        availability = {officer: self._availability.at(officer.pk, slot.span) for officer in free}
        return AvailableAt(
            [officer for officer in free if availability[officer] == Availability.ON_DUTY],
            [officer for officer in free if availability[officer] == Availability.UNKNOWN],
        )

    def other_free_times(self, officers: Collection[Officer], slot: Slot) -> list[datetime.datetime]:
        """Return other starts that day at which all these officers are free, nearest first."""
        free = (
            other.start_at
            for other in _others_that_day(slot, self.bcu)
            if all(self._is_free(o, other) for o in officers)
        )
        return [start for start, _number in zip(free, range(OTHER_TIMES), strict=False)]

    def _is_free(self, officer: Officer, slot: Slot) -> bool:
        return self._availability.is_free(officer.pk, slot.period(self.bcu.gap_minutes))

    def _suggestion(
        self, officer: Officer, slot: Slot | None, ward_ids: Collection[int], wanted: list[SkillsWanted]
    ) -> Suggestion:
        availability = self._availability.at(officer.pk, slot.span) if slot else Availability.UNKNOWN
        return Suggestion(
            officer=officer,
            is_free=self._is_free(officer, slot) if slot else None,
            availability=availability,
            duty=self._duty_in_words(officer, slot, availability) if slot else "",
            rest=describe_rest(self._availability.rest(officer.pk, slot.date, slot.span)) if slot else "",
            skills=matching_skills(officer, wanted),
            is_local=officer.ward_id in ward_ids,
            recent_walks=officer.recent_walks,  # type: ignore[attr-defined]
        )

    def _duty_in_words(self, officer: Officer, slot: Slot, availability: Availability) -> str:
        times = self._availability.of(officer.pk, slot.date).description
        return {
            Availability.ON_DUTY: "On duty then",
            Availability.UNKNOWN: "Duty not known: ask her",
            Availability.ON_DUTY_AT_ANOTHER_TIME: f"On duty at another time, {times}",
            Availability.OFF: "Not on duty that day",
            Availability.LEAVE: "On leave",
        }[availability]


def matching_skills(officer: Officer, wanted: Iterable[SkillsWanted]) -> tuple[str, ...]:
    """Return the wanted skills that this officer has: BSL, or a language the requester named."""
    skills = []
    for need in wanted:
        if officer.signs_bsl and need.bsl:
            skills.append("Signs BSL")
        words = need.details.casefold()
        skills += [f"Speaks {language}" for language in officer.language_list() if language.casefold() in words]
    return tuple(dict.fromkeys(skills))


def _others_that_day(slot: Slot, bcu: BoroughCommandUnit) -> Iterator[Slot]:
    for number in range(1, MAX_STEPS + 1):
        for start_at in (slot.start_at + TIME_STEP * number, slot.start_at - TIME_STEP * number):
            local = london.local(start_at)
            if local.date() == slot.date and bcu.earliest <= local.time() <= bcu.latest and start_at > timezone.now():
                yield Slot(start_at=start_at, minutes=slot.minutes)
