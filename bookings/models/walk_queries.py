"""Which walks, by who has a booking on them. Walks themselves know nothing of bookings."""

import datetime

from django.db.models import Count, F, Q

from bookings.statuses import Channel, ConsentAnswer, Status
from walks.models.walks import ALERT_AFTER, WalkQuerySet
from walks.statuses import WalkStatus

PLACE_OFFER_NOTICE = datetime.timedelta(hours=24)
"""A place on a walk is offered until so long before it, so that she has time to answer."""

ON_IT = Q(bookings__status=Status.SCHEDULED)


def with_free_place(walks: WalkQuerySet, now: datetime.datetime) -> WalkQuerySet:
    """Walks to come that another woman may be offered a place on, the next one first."""
    apart = walks.filter(ON_IT & (~Q(bookings__channel=Channel.FULL) | Q(bookings__nominated_inspector__isnull=False)))
    coming = walks.filter(status=WalkStatus.SCHEDULED, nominated_inspector=None, start_at__gte=now + PLACE_OFFER_NOTICE)
    counted = with_place_counts(coming.exclude(pk__in=apart.values("pk")))
    return counted.filter(Q(places_taken__lt=F("capacity"))).order_by("start_at", "pk")


def with_place_counts(walks: WalkQuerySet) -> WalkQuerySet:
    """`places_taken` counts the women on it, `consents` those of them who said that others may join."""
    said_yes = Q(
        sharing_consents__answer=ConsentAnswer.YES,
        sharing_consents__guest=None,
        sharing_consents__booking__status=Status.SCHEDULED,
    )
    counts = {
        "places_taken": Count("bookings", filter=ON_IT, distinct=True),
        "consents": Count("sharing_consents", filter=said_yes, distinct=True),
    }
    return walks.annotate(**counts)


def without_bookings_or_open_offers(walks: WalkQuerySet, now: datetime.datetime) -> WalkQuerySet:
    """Walks to come with nobody on them, and to which nobody has an offer that she may still accept."""
    coming = walks.filter(status=WalkStatus.SCHEDULED, start_at__gt=now)
    return coming.exclude(ON_IT).exclude(offers__answer="")


def end_overdue(walks: WalkQuerySet, now: datetime.datetime) -> WalkQuerySet:
    """Half an hour past their end, with a woman on them of whom nobody has said that she is safe."""
    return walks.past_end(now - ALERT_AFTER).filter(ON_IT).distinct()


def past_end_without_bookings(walks: WalkQuerySet, now: datetime.datetime) -> WalkQuerySet:
    return walks.past_end(now).exclude(ON_IT)


def counting_questions(walks: WalkQuerySet) -> WalkQuerySet:
    """`asked` counts the women who have not answered yet whether one officer will do."""
    open_questions = Count("one_officer_questions", filter=Q(one_officer_questions__answer=""), distinct=True)
    return walks.annotate(asked=open_questions)
