"""Which walks, by who has a booking on them. Walks themselves know nothing of bookings."""

import datetime

from django.db.models import Count, F, Q

from bookings.statuses import Channel, Status, Word
from walks.models.walks import ALERT_AFTER, WalkQuerySet
from walks.statuses import WalkStatus

PLACES_UNTIL = datetime.timedelta(hours=24)
"""A place on a walk is offered until so long before it, so that she has time to answer."""

ON_IT = Q(bookings__status=Status.SCHEDULED)


def with_a_place(walks: WalkQuerySet, now: datetime.datetime) -> WalkQuerySet:
    """Walks to come that another woman may be offered a place on, the next one first."""
    apart = walks.filter(ON_IT & (~Q(bookings__channel=Channel.FULL) | Q(bookings__handler__isnull=False)))
    coming = walks.filter(status=WalkStatus.SCHEDULED, handler=None, start_at__gte=now + PLACES_UNTIL)
    counted = counting_places(coming.exclude(pk__in=apart.values("pk")))
    return counted.filter(Q(taken__lt=F("capacity"))).order_by("start_at", "pk")


def counting_places(walks: WalkQuerySet) -> WalkQuerySet:
    """`taken` counts the women on it, `agreed` those of them who said that others may join."""
    said_yes = Q(agreements__answer=Word.YES, agreements__guest=None, agreements__booking__status=Status.SCHEDULED)
    counts = {
        "taken": Count("bookings", filter=ON_IT, distinct=True),
        "agreed": Count("agreements", filter=said_yes, distinct=True),
    }
    return walks.annotate(**counts)


def nobody_has_said_yes_to(walks: WalkQuerySet, now: datetime.datetime) -> WalkQuerySet:
    """Walks to come with nobody on them, and to which nobody has an offer that she may still accept."""
    coming = walks.filter(status=WalkStatus.SCHEDULED, start_at__gt=now)
    return coming.exclude(ON_IT).exclude(offers__answer="")


def not_ended_safely(walks: WalkQuerySet, now: datetime.datetime) -> WalkQuerySet:
    """Half an hour past their end, with a woman on them of whom nobody has said that she is safe."""
    return walks.over(now - ALERT_AFTER).filter(ON_IT).distinct()


def nobody_is_left_on(walks: WalkQuerySet, now: datetime.datetime) -> WalkQuerySet:
    return walks.over(now).exclude(ON_IT)


def counting_questions(walks: WalkQuerySet) -> WalkQuerySet:
    """`asked` counts the women who have not answered yet whether one officer will do."""
    open_questions = Count("one_officer_questions", filter=Q(one_officer_questions__answer=""), distinct=True)
    return walks.annotate(asked=open_questions)
