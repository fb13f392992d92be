"""How each BCU is staffed, and what an administrator has to put right (docs/rules.md#staffing)."""

import datetime
from dataclasses import dataclass

from django.db.models import Count, Min, Q

from boroughs.models.bcus import BoroughCommandUnit
from boroughs.models.officers import Officer
from boroughs.models.texts import HelpContact, Statement
from boroughs.placeholders import is_example_address, is_example_number
from boroughs.upkeep import needs_check

EVENINGS = 3
"""Someone can walk on about one evening in three. The others are days off, early turns, leave and training."""

CLOSED = "Closed until its inbox and duty number are set"


@dataclass(frozen=True)
class TeamStaffing:
    """One BCU. Each problem is in words, and empty if there is none."""

    bcu: BoroughCommandUnit
    officers: int
    """Those who lead walks, available or not."""
    inspectors: int

    @property
    def for_a_walk(self) -> int:
        return self.bcu.min_officers

    @property
    def for_every_evening(self) -> int:
        return self.bcu.min_officers * EVENINGS

    @property
    def officers_problem(self) -> str:
        if self.officers < self.for_a_walk:
            return "Too few for one walk"
        return "Too few for every evening" if self.officers < self.for_every_evening else ""

    @property
    def inspectors_problem(self) -> str:
        return "" if self.inspectors else "Nobody can answer requests"

    @property
    def nominated_problem(self) -> str:
        inspector = self.bcu.nominated_inspector
        if inspector is None:
            return "Nobody yet"
        return "" if inspector.can_be_nominated_for(self.bcu) else "Can no longer decide"

    @property
    def inbox_problem(self) -> str:
        return "Still an example" if is_example_address(self.bcu.inbox) else ""

    @property
    def duty_number_problem(self) -> str:
        return "Still an example" if is_example_number(self.bcu.duty_number) else ""

    @property
    def closed_problem(self) -> str:
        return CLOSED if self.bcu.awaits_contacts else ""

    @property
    def has_problem(self) -> bool:
        return bool(
            self.officers_problem
            or self.inspectors_problem
            or self.nominated_problem
            or self.inbox_problem
            or self.duty_number_problem
        )


@dataclass(frozen=True)
class Checks:
    """How far one kind of text is checked. `oldest` is None if none was ever checked."""

    to_check: int
    oldest: datetime.date | None

    @property
    def problem(self) -> str:
        return f"{self.to_check} to check" if self.to_check else ""


def staffing_of_teams() -> list[TeamStaffing]:
    """Return every BCU by name, in one query."""
    bcus = BoroughCommandUnit.objects.select_related("nominated_inspector__bcu").annotate(
        leading=_count(Officer.objects.all_who_lead_walks()),
        can_decide=_count(Officer.objects.eligible_as_nominated_inspector()),
    )
    return [TeamStaffing(bcu, bcu.leading, bcu.can_decide) for bcu in bcus.order_by("name")]


def _count(officers: object) -> Count:
    return Count("officers", filter=Q(officers__in=officers), distinct=True)


def checks_of_texts(now: datetime.datetime) -> tuple[Checks, Checks]:
    """Return the checks of the statements, and of the help contacts."""
    return _checks(Statement, now), _checks(HelpContact, now)


def _checks(model: type[HelpContact | Statement], now: datetime.datetime) -> Checks:
    found = model.objects.aggregate(to_check=Count("pk", filter=needs_check(now)), oldest=Min("checked_on"))
    return Checks(found["to_check"], found["oldest"])
