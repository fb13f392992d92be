"""Count the women who told us what worried them. One woman can report several concerns, so no figure counts those.

Only what stays when a concern is erased is read: its kind, its day, its BCU and its events.
"""

import datetime
from collections import defaultdict
from dataclasses import dataclass
from typing import Any

from django.db.models import Case, CharField, Count, Exists, F, OuterRef, Q, Value, When
from django.db.models.expressions import Combinable

from boroughs import taxonomy
from feedback.models.concerns import ConcernQuerySet
from feedback.models.events import ConcernEvent, FollowUpQuestion
from feedback.statuses import RESOLVED_STATES, STATES_NOTIFIED_TO_REQUESTER, FollowUpAnswer, State
from figures.counting import Period

ANSWER_WITHIN = datetime.timedelta(days=14)
"""docs/rules.md#concerns"""
SAFE_PLACE = "safe_place"
WOMEN = Count("report__person_key", distinct=True)

Key = Any
"""The id of a BCU, or the code of a group of kinds."""


@dataclass
class ConcernTally:
    """The women of one BCU, or with one group of concerns."""

    told: int = 0
    due: int = 0  # with a concern whose first answer was due
    late: int = 0  # of those, with one that was not answered in time
    done: int = 0  # for whom something was done
    asked: int = 0  # who said whether it is better
    better: int = 0  # of those, who said that it is

    @property
    def in_time(self) -> int:
        return self.due - self.late


BY_BCU = F("bcu")
BY_GROUP = Case(
    When(safe_place=True, then=Value(SAFE_PLACE)),
    *(
        When(kind__in=[kind.code for kind in taxonomy.kinds().values() if kind.group == group], then=Value(group))
        for group in taxonomy.GROUPS
    ),
    default=Value(taxonomy.OTHER),
    output_field=CharField(),
)


def tallies(concerns: ConcernQuerySet, period: Period, key: Combinable) -> dict[Key, ConcernTally]:
    """Return the tallies by this key, in four queries, however many keys there are."""
    found: defaultdict[Key, ConcernTally] = defaultdict(ConcernTally)
    due = Period(period.since - ANSWER_WITHIN, period.until - ANSWER_WITHIN)
    answered = ConcernEvent.objects.filter(
        concern=OuterRef("pk"),
        to_state__in=STATES_NOTIFIED_TO_REQUESTER,
        at__lte=OuterRef("reported_at") + ANSWER_WITHIN,
    )
    done = ConcernEvent.objects.filter(period.has("at"), to_state__in=RESOLVED_STATES, concern=OuterRef("pk"))
    follow_ups = FollowUpQuestion.objects.filter(period.has("answered_at"), event__concern=OuterRef("pk"))
    better = Exists(follow_ups.filter(answer=FollowUpAnswer.YES))
    was_due = concerns.filter(due.has("reported_at")).exclude(state=State.WITHDRAWN)
    for rows, counts in (
        (concerns.filter(period.has("reported_at")), {"told": WOMEN}),
        (was_due.alias(is_late=~Exists(answered)), {"due": WOMEN, "late": _women_with("is_late")}),
        (concerns.filter(Exists(done)), {"done": WOMEN}),
        (
            concerns.filter(Exists(follow_ups)).alias(is_better=better),
            {"asked": WOMEN, "better": _women_with("is_better")},
        ),
    ):
        names = list(counts)
        for of_key, *numbers in rows.order_by().annotate(key=key).values_list("key").annotate(**counts):
            for name, number in zip(names, numbers, strict=True):
                setattr(found[of_key], name, number)
    return found


def _women_with(condition: str) -> Count:
    return Count("report__person_key", distinct=True, filter=Q(**{condition: True}))
