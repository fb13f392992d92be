"""Walks whose officers have other plans: leave, a day off, or duty at another time (docs/rules.md#leave-and-duty)."""

from collections.abc import Iterable
from dataclasses import dataclass
from uuid import UUID

from boroughs.models.officers import Officer
from walkandtalk.lib import london
from walks.flags import Flag, walk_flags
from walks.models.duties import DutyDay
from walks.models.walks import Walk
from walks.planning.availability import DAY, Availability, DutyDays, TeamAvailability, duty_days, weekly_duties
from walks.statuses import WalkStatus

REASONS = {
    Availability.ON_DUTY_AT_ANOTHER_TIME: "on duty at another time",
    Availability.OFF: "not on duty",
    Availability.LEAVE: "on leave",
}
"""The availabilities with which an officer cannot be expected on her walk. Unknown duty is no conflict."""


@dataclass(frozen=True)
class DutyConflict:
    """An officer on a walk whose duty at that time says that she is not there."""

    walk: Walk
    officer: Officer
    availability: Availability

    @property
    def reason(self) -> str:
        return REASONS[self.availability]

    @property
    def when(self) -> str:
        return f"{london.long_date(self.walk.start_at)}, {london.clock(self.walk.start_at)}"

    @property
    def task(self) -> str:
        """Say what the inspector has to do about it."""
        return f"{self.officer.display_name} is {self.reason} on the day of this walk: assign another officer"

    @property
    def flag(self) -> Flag:
        return Flag(f"{self.officer.name_with_rank} is {self.reason}", "red")

    @property
    def key(self) -> str:
        """Identify the officer and the walk, but not the reason."""
        return f"{self.walk.pk}/{self.officer.pk}"


Conflicts = dict[UUID, list[DutyConflict]]


def find_duty_conflicts(walks: Iterable[Walk]) -> Conflicts:
    """Return the conflicts of these walks by walk. Prefetch their officers (`officers_on`). Two queries at most.

    Only what was entered for that single day counts, and a weekly pattern that was changed after she was assigned. An
    inspector who assigns an officer against her weekly pattern has seen the pattern and decided.
    """
    assigned = [
        (walk, officer) for walk in walks if walk.status == WalkStatus.SCHEDULED for officer in walk.live_officers()
    ]
    changed = {
        (walk.pk, each.officer_id)
        for walk, _officer in assigned
        for each in walk.assignments.all()
        if each.pattern_changed_at is not None
    }
    days = _duty_days(assigned) if assigned else {}
    concerned = [
        (walk, officer)
        for walk, officer in assigned
        if (officer.pk, walk.date) in days or (walk.pk, officer.pk) in changed
    ]
    if not concerned:
        return {}
    weekly = weekly_duties({officer.pk for _walk, officer in concerned})
    availability = TeamAvailability(weekly, days, walks={})
    conflicts: Conflicts = {}
    for walk, officer in concerned:
        if conflict := conflict_of(walk, officer, availability):
            conflicts.setdefault(walk.pk, []).append(conflict)
    return conflicts


def _duty_days(assigned: list[tuple[Walk, Officer]]) -> DutyDays:
    """Return what was entered for the days of these walks, and for those before: a night duty ends in the morning."""
    dates = {date for walk, _officer in assigned for date in (walk.date - DAY, walk.date)}
    officers = {officer.pk for _walk, officer in assigned}
    return duty_days(DutyDay.objects.filter(officer__in=officers, date__in=dates))


def conflict_of(walk: Walk, officer: Officer, availability: TeamAvailability) -> DutyConflict | None:
    at = availability.at(officer.pk, (walk.start_at, walk.end_at))
    return DutyConflict(walk, officer, at) if at in REASONS else None


def flags_with_conflicts(walk: Walk, conflicts: Conflicts) -> list[Flag]:
    """Return the flags of a walk for those who may know of its officers' leave: its inspector."""
    return [*walk_flags(walk), *(conflict.flag for conflict in conflicts.get(walk.pk, ()))]
