"""Which officers to offer for a walk: those who are free then, of her ward first, fewest recent walks first."""

import datetime
from dataclasses import dataclass
from typing import cast

from django.db.backends.postgresql.psycopg_any import DateTimeTZRange
from django.db.models import Count, Exists, OuterRef, Q
from django.utils import timezone

from bookings.models import Assignment, Walk
from boroughs.models import BoroughCommandUnit, Officer, Ward

RECENT = datetime.timedelta(days=60)


@dataclass(frozen=True, kw_only=True)
class Slot:
    """When the walk would be."""

    start_at: datetime.datetime
    minutes: int

    def period(self, gap_minutes: int) -> DateTimeTZRange:
        until = self.start_at + datetime.timedelta(minutes=self.minutes + gap_minutes)
        return DateTimeTZRange(self.start_at, until, "[)")


@dataclass(frozen=True, kw_only=True)
class Suggestion:
    """An officer who may be given walks here, and what speaks for or against her."""

    officer: Officer
    is_free: bool | None  # None while nobody has said when
    is_of_ward: bool
    recent_walks: int

    @property
    def order(self) -> tuple[bool, bool, int, str, int]:
        return self.is_free is False, not self.is_of_ward, self.recent_walks, self.officer.name, self.officer.pk

    @property
    def reason(self) -> str:
        """In words: "Free then · Her ward · 2 walks in the 60 days before"."""
        said = {True: ["Free then"], False: ["On another walk then"], None: []}[self.is_free]
        if self.is_of_ward:
            said.append(f"Her ward, {cast('Ward', self.officer.ward).name}")
        walks = {0: "No walks", 1: "1 walk"}.get(self.recent_walks, f"{self.recent_walks} walks")
        return " · ".join([*said, f"{walks} in the {RECENT.days} days before"])


def suggest_officers(
    bcu: BoroughCommandUnit, *, slot: Slot | None, ward_ids: set[int], besides: Walk | None = None
) -> list[Suggestion]:
    """Everybody who may be given walks, the best first. `besides` is the walk being changed: it keeps nobody busy."""
    start_at = slot.start_at if slot else timezone.now()
    recent = Q(
        assignments__is_live=True,
        assignments__walk__start_at__gte=start_at - RECENT,
        assignments__walk__start_at__lt=start_at,
    )
    officers = Officer.objects.who_lead_walks(bcu).select_related("ward")
    taken = Assignment.objects.none()
    if slot:
        taken = Assignment.objects.filter(is_live=True, period__overlap=slot.period(bcu.gap_minutes))
    if besides:
        taken = taken.exclude(walk=besides)
    counted = officers.annotate(
        recent_walks=Count("assignments", filter=recent), is_taken=Exists(taken.filter(officer=OuterRef("pk")))
    )
    found = [
        Suggestion(
            officer=officer,
            is_free=not officer.is_taken if slot else None,
            is_of_ward=officer.ward_id in ward_ids,
            recent_walks=officer.recent_walks,
        )
        for officer in counted
    ]
    return sorted(found, key=lambda suggestion: suggestion.order)
