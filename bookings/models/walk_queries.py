"""Selections of walks by their bookings. They are here because the walks app may not import bookings."""

import datetime
from collections.abc import Iterable
from uuid import UUID

from django.db.models import Count, Exists, F, OuterRef, Q, Subquery
from django.db.models.functions import Coalesce

from bookings.models.bookings import Booking
from bookings.statuses import Channel, ConsentAnswer, Status
from boroughs.models.officers import Officer
from walks.models.walks import ALERT_AFTER, Assignment, WalkQuerySet
from walks.statuses import WalkStatus

PLACE_OFFER_NOTICE = datetime.timedelta(hours=24)
"""The notice for a place offer. We stop offering places this long before a walk, to leave time to answer."""

BOOKED = Q(bookings__status=Status.SCHEDULED)


def known_to(walks: WalkQuerySet, user: Officer) -> WalkQuerySet:
    """Add `is_known`: whether the user is on the walk or has one of its bookings, or it has none; and its `area`.

    docs/rules.md#need-to-know
    """
    bookings = Booking.objects.filter(walk=OuterRef("pk"))
    on_it = Assignment.objects.filter(walk=OuterRef("pk"), officer=user, is_live=True)
    claimed = bookings.filter(claim__officer=user)
    area = bookings.order_by("pk").values(name=Coalesce("ward__name", "borough__name"))[:1]
    known = {
        "is_known": Exists(on_it) | Exists(claimed) | ~Exists(bookings) | Q(nominated_inspector=user),
        "area": Subquery(area),
    }
    return walks.annotate(**known)


def areas_of(walks: Iterable[UUID]) -> dict[UUID, str]:
    """Return the ward or borough of a requester on each of these walks, as much of its place as others may know."""
    booked = Booking.objects.filter(walk__in=walks, walk__isnull=False).order_by("-pk")
    names = booked.values_list("walk", Coalesce("ward__name", "borough__name"))
    return {walk: name for walk, name in names if walk is not None}


def with_free_place(walks: WalkQuerySet, now: datetime.datetime) -> WalkQuerySet:
    """Return the walks on which we can offer a place to another requester, soonest first."""
    not_shareable = walks.filter(
        BOOKED & (~Q(bookings__channel=Channel.FULL) | Q(bookings__nominated_inspector__isnull=False))
    )
    upcoming = walks.filter(
        status=WalkStatus.SCHEDULED, nominated_inspector=None, start_at__gte=now + PLACE_OFFER_NOTICE
    )
    counted = with_place_counts(upcoming.exclude(pk__in=not_shareable.values("pk")))
    return counted.filter(Q(places_taken__lt=F("capacity"))).order_by("start_at", "pk")


def with_place_counts(walks: WalkQuerySet) -> WalkQuerySet:
    """Annotate walks with scheduled bookings (`places_taken`) and requesters who let others join (`consents`)."""
    agreed = Q(
        sharing_consents__answer=ConsentAnswer.YES,
        sharing_consents__guest=None,
        sharing_consents__booking__status=Status.SCHEDULED,
    )
    counts = {
        "places_taken": Count("bookings", filter=BOOKED, distinct=True),
        "consents": Count("sharing_consents", filter=agreed, distinct=True),
    }
    return walks.annotate(**counts)


def without_bookings_or_open_offers(walks: WalkQuerySet, now: datetime.datetime) -> WalkQuerySet:
    """Return scheduled future walks that have no scheduled booking and no open offer."""
    upcoming = walks.filter(status=WalkStatus.SCHEDULED, start_at__gt=now)
    return upcoming.exclude(BOOKED).exclude(offers__answer="")


def end_overdue(walks: WalkQuerySet, now: datetime.datetime) -> WalkQuerySet:
    """Return walks at least half an hour past their planned end with a scheduled booking: someone may be unsafe."""
    return walks.past_end(now - ALERT_AFTER).filter(BOOKED).distinct()


def past_end_without_bookings(walks: WalkQuerySet, now: datetime.datetime) -> WalkQuerySet:
    return walks.past_end(now).exclude(BOOKED)


def with_open_question_counts(walks: WalkQuerySet) -> WalkQuerySet:
    """Annotate walks with the number of open one-officer questions (`open_questions`)."""
    count = Count("one_officer_questions", filter=Q(one_officer_questions__answer=""), distinct=True)
    return walks.annotate(open_questions=count)
