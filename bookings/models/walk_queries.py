"""Selections of walks by their bookings. They are here because the walks app knows nothing of bookings."""

import datetime

from django.db.models import Count, F, Q

from bookings.statuses import Channel, ConsentAnswer, Status
from walks.models.walks import ALERT_AFTER, WalkQuerySet
from walks.statuses import WalkStatus

PLACE_OFFER_NOTICE = datetime.timedelta(hours=24)
"""How long before a walk we stop offering places on it, so that the requester has time to answer."""

BOOKED = Q(bookings__status=Status.SCHEDULED)


def with_free_place(walks: WalkQuerySet, now: datetime.datetime) -> WalkQuerySet:
    """Return the walks on which we may offer a place to another requester, the soonest first."""
    not_shareable = walks.filter(
        BOOKED & (~Q(bookings__channel=Channel.FULL) | Q(bookings__nominated_inspector__isnull=False))
    )
    upcoming = walks.filter(
        status=WalkStatus.SCHEDULED, nominated_inspector=None, start_at__gte=now + PLACE_OFFER_NOTICE
    )
    counted = with_place_counts(upcoming.exclude(pk__in=not_shareable.values("pk")))
    return counted.filter(Q(places_taken__lt=F("capacity"))).order_by("start_at", "pk")


def with_place_counts(walks: WalkQuerySet) -> WalkQuerySet:
    """Annotate walks with their bookings (`places_taken`) and those that agree to others joining (`consents`)."""
    said_yes = Q(
        sharing_consents__answer=ConsentAnswer.YES,
        sharing_consents__guest=None,
        sharing_consents__booking__status=Status.SCHEDULED,
    )
    counts = {
        "places_taken": Count("bookings", filter=BOOKED, distinct=True),
        "consents": Count("sharing_consents", filter=said_yes, distinct=True),
    }
    return walks.annotate(**counts)


def without_bookings_or_open_offers(walks: WalkQuerySet, now: datetime.datetime) -> WalkQuerySet:
    """Return future walks that have no booking and no open offer."""
    upcoming = walks.filter(status=WalkStatus.SCHEDULED, start_at__gt=now)
    return upcoming.exclude(BOOKED).exclude(offers__answer="")


def end_overdue(walks: WalkQuerySet, now: datetime.datetime) -> WalkQuerySet:
    """Return walks half an hour past their end that still have a scheduled booking, so someone may not be safe."""
    return walks.past_end(now - ALERT_AFTER).filter(BOOKED).distinct()


def past_end_without_bookings(walks: WalkQuerySet, now: datetime.datetime) -> WalkQuerySet:
    return walks.past_end(now).exclude(BOOKED)


def counting_questions(walks: WalkQuerySet) -> WalkQuerySet:
    """Annotate walks with the number of open one-officer questions (`asked`)."""
    open_questions = Count("one_officer_questions", filter=Q(one_officer_questions__answer=""), distinct=True)
    return walks.annotate(asked=open_questions)
