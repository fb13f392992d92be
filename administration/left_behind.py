"""The numbers of what someone leaves to colleagues. An administrator sees no bookings (docs/rules.md#who-sees-what)."""

import datetime
from collections.abc import Collection
from dataclasses import dataclass
from typing import Any, Self

from django.db.models import Count, QuerySet

from bookings.triage.claims.actions import open_claims_of
from boroughs.models.bcus import BoroughCommandUnit
from boroughs.models.officers import Officer
from feedback.concerns.actions import concerns_owned_by
from walks.models.recurring_walks import RecurringWalk
from walks.models.walks import Assignment, Walk


@dataclass(frozen=True, kw_only=True)
class LeftBehind:
    """Work that others take over. Bookings, walks and concerns that are kept from a BCU are counted nowhere."""

    walks: int
    walks_going_on: int
    bookings: int
    concerns: int
    recurring_walks: int

    @classmethod
    def by(cls, person: Officer, now: datetime.datetime) -> Self:
        return cls.of_each([person], now)[person.pk]

    @classmethod
    def of_each(cls, people: Collection[Officer], now: datetime.datetime) -> dict[int, Self]:
        """Return what each of these people would leave, by id. Five queries, however many they are."""
        walks = Walk.objects.not_over(now).filter(nominated_inspector=None)
        on_walks = Assignment.objects.filter(officer__in=people, is_live=True)
        bookings = open_claims_of(*people).filter(booking__nominated_inspector=None, booking__erasure_due_at=None)
        usual = RecurringWalk.officers.through.objects.filter(officer__in=people)
        counts = {
            "walks": _count_by(on_walks.filter(walk__in=walks), "officer"),
            "walks_going_on": _count_by(
                on_walks.filter(walk__in=Walk.objects.going_on(now).filter(nominated_inspector=None)), "officer"
            ),
            "bookings": _count_by(bookings, "officer"),
            "concerns": _count_by(concerns_owned_by(*people).filter(nominated_inspector=None), "owner"),
            "recurring_walks": _count_by(usual, "officer"),
        }
        return {
            person.pk: cls(**{name: numbers.get(person.pk, 0) for name, numbers in counts.items()}) for person in people
        }

    @property
    def is_anything(self) -> bool:
        return any((self.walks, self.bookings, self.concerns, self.recurring_walks))

    @property
    def in_words(self) -> str:
        """The numbers that aren't 0, in a sentence: “2 walks and 1 recurring walk”. “nothing” if all are."""
        counts = (
            (self.walks, "walk", "walks"),
            (self.bookings, "booking", "bookings"),
            (self.concerns, "concern", "concerns"),
            (self.recurring_walks, "recurring walk", "recurring walks"),
        )
        parts = [_count(*count) for count in counts if count[0]]
        if not parts:
            return "nothing"
        *others, last = parts
        return f"{', '.join(others)} and {last}" if others else last


def _count_by(rows: QuerySet[Any], person: str) -> dict[int, int]:
    return dict(rows.order_by().values_list(person).annotate(Count("pk")))


def _count(number: int, one: str, many: str) -> str:
    return f"{number} {one if number == 1 else many}"


def is_last_inspector(person: Officer) -> bool:
    """Return whether nobody would be left to answer the requests of this person's BCU."""
    return bool(left_without_inspector([person]))


def left_without_inspector(people: Collection[Officer]) -> list[BoroughCommandUnit]:
    """Return the BCUs whose requests nobody could answer without these people."""
    theirs = {
        person.bcu_id
        for person in people
        if person.bcu_id is not None and person.is_active and person.role == Officer.Role.INSPECTOR
    }
    if not theirs:
        return []
    inspectors = Officer.objects.filter(bcu__in=theirs, role=Officer.Role.INSPECTOR, is_active=True)
    staying = inspectors.exclude(pk__in=[person.pk for person in people])
    return list(BoroughCommandUnit.objects.filter(pk__in=theirs).exclude(pk__in=staying.values("bcu")).order_by("name"))


def nominated_for(person: Officer) -> list[BoroughCommandUnit]:
    """Return the BCUs whose restricted bookings go to this person because an administrator said so."""
    return list(BoroughCommandUnit.objects.filter(nominated_inspector=person).order_by("name"))
