"""The numbers of what someone leaves to colleagues. An administrator sees no bookings (docs/rules.md#who-sees-what)."""

import datetime
from dataclasses import dataclass
from typing import Self

from bookings.on_the_day.officer_withdrawal import walks_of
from bookings.triage.claims.actions import open_claims_of
from boroughs.models.bcus import BoroughCommandUnit
from boroughs.models.officers import Officer
from feedback.concerns.actions import concerns_owned_by
from walks.models.recurring_walks import RecurringWalk
from walks.models.walks import Walk


@dataclass(frozen=True, kw_only=True)
class LeftBehind:
    """What others take over. Bookings, walks and concerns that are kept from a BCU are counted nowhere."""

    walks: int
    walks_going_on: int
    bookings: int
    concerns: int
    recurring_walks: int

    @classmethod
    def by(cls, person: Officer, now: datetime.datetime) -> Self:
        walks = walks_of(person, now).filter(nominated_inspector=None)
        bookings = open_claims_of(person).filter(booking__nominated_inspector=None, booking__erasure_due_at=None)
        return cls(
            walks=walks.count(),
            walks_going_on=Walk.objects.going_on(now).filter(pk__in=walks.values("pk")).count(),
            bookings=bookings.count(),
            concerns=concerns_owned_by(person).filter(nominated_inspector=None).count(),
            recurring_walks=RecurringWalk.objects.filter(officers=person).count(),
        )

    @property
    def is_anything(self) -> bool:
        return any((self.walks, self.bookings, self.concerns, self.recurring_walks))

    @property
    def in_words(self) -> str:
        """The numbers in a sentence: “2 walks, 1 booking, 0 concerns”."""
        return ", ".join(
            (
                _count(self.walks, "walk", "walks"),
                _count(self.bookings, "booking", "bookings"),
                _count(self.concerns, "concern", "concerns"),
            )
        )


def _count(number: int, one: str, many: str) -> str:
    return f"{number} {one if number == 1 else many}"


def is_last_inspector(person: Officer) -> bool:
    """Return whether nobody would be left to answer the requests of this person's BCU."""
    inspectors = Officer.objects.filter(bcu=person.bcu_id, role=Officer.Role.INSPECTOR, is_active=True)
    is_inspector = person.is_active and person.role == Officer.Role.INSPECTOR
    return is_inspector and not inspectors.exclude(pk=person.pk).exists()


def nominated_for(person: Officer) -> list[BoroughCommandUnit]:
    """Return the BCUs whose restricted bookings go to this person because an administrator said so."""
    return list(BoroughCommandUnit.objects.filter(nominated_inspector=person).order_by("name"))
