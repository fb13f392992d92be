"""Which looks an auditor asks about. A look is a line of the read log (docs/rules.md#auditing)."""

import datetime
from collections.abc import Collection
from uuid import UUID

from django.db.models import BooleanField, Case, Exists, F, OuterRef, Q, QuerySet, When
from django.db.models.functions import ExtractHour

from audit.periods import Period
from bookings.models.bookings import Booking
from bookings.models.claims import Claim
from bookings.models.events import Event
from bookings.models.read_log import ReadLog
from bookings.statuses import CLAIM_EVENT_KINDS, EventKind, ReadReason
from boroughs.models.officers import Officer
from feedback.models.concerns import Concern
from walkandtalk.lib import london
from walks.models.walks import Assignment, Walk

Looks = QuerySet[ReadLog]

NEWEST_FIRST = ("-at",)
"""The order of every list of looks, before the primary key, which is newest first too."""

HOURS_BEGIN, HOURS_END = datetime.time(7), datetime.time(23)
"""In hours: 7am to 11pm in London, when the service's own telephone is answered (`ORGANISATION_PHONE_HOURS`)."""


def visible_looks(user: Officer) -> Looks:
    return ReadLog.objects.visible_to(user)


def in_period(looks: Looks, period: Period) -> Looks:
    return looks.filter(at__gte=period.since, at__lt=period.until)


def about_booking(looks: Looks, pk: UUID) -> Looks:
    """Return the looks at the booking, at its present walks and at its concerns."""
    walks = list(Walk.objects.filter(Q(bookings=pk) | Q(cut_short_bookings=pk)).order_by().values_list("pk", flat=True))
    concerns = list(Concern.objects.filter(report__booking=pk).order_by().values_list("pk", flat=True))
    return looks.filter(Q(booking=pk) | Q(walk__in=walks) | Q(concern_id__in=concerns))


def by_people(looks: Looks, people: Collection[int]) -> Looks:
    return looks.filter(officer__in=people)


def for_lines(looks: Looks) -> Looks:
    """Fetch what a line shows, newest first, and whether a claim or a walk explains each look."""
    related = looks.select_related("officer__bcu", "booking", "walk__bcu").annotate(
        is_explained=Case(When(_explained(), then=True), default=False, output_field=BooleanField())
    )
    fields = ("at", "kinds", "reason", "concern_id", "booking__reference", "booking__nominated_inspector")
    of_walk = ("walk__start_at", "walk__bcu__name")
    of_officer = ("officer__name", "officer__rank", "officer__acting", "officer__shoulder_number", "officer__bcu__name")
    return related.only(*fields, *of_walk, *of_officer).order_by("-at", "-pk")


def unexplained(looks: Looks) -> Looks:
    """Return looks that neither a claim nor a walk explains."""
    return looks.exclude(_explained())


def out_of_hours(looks: Looks) -> Looks:
    hour = ExtractHour("at", tzinfo=london.LONDON)
    outside = Q(hour__lt=HOURS_BEGIN.hour) | Q(hour__gte=HOURS_END.hour)
    return looks.alias(hour=hour).filter(outside)


def of_restricted_bookings(looks: Looks) -> Looks:
    return looks.filter(booking__nominated_inspector__isnull=False)


def forbidden(looks: Looks) -> Looks:
    """Return looks at restricted bookings that should be impossible: by neither its inspector nor its officers.

    Leave out looks from before the booking was restricted or changed hands, and those of a second inspector who was
    asked to agree.
    """
    restricted = of_restricted_bookings(looks).exclude(reason=ReadReason.APPROVAL)
    changes_hands = (EventKind.FROZEN, EventKind.UNFROZEN, EventKind.REASSIGNED, EventKind.HANDED_OVER)
    later = _events(kind__in=changes_hands, booking=OuterRef("booking"), at__gte=OuterRef("at"))
    return restricted.filter(~Q(booking__nominated_inspector=F("officer")), ~_on_walk_of_booking(), ~Exists(later))


def _explained() -> Q:
    """At that moment the booking was assigned to her, or she is on its walk. A concern is judged by nobody here."""
    by_claim = _claimed(booking=OuterRef("booking")) | _claimed_now()
    by_walk = Exists(Assignment.objects.filter(walk=OuterRef("walk"), officer=OuterRef("officer")))
    has_bookings = Exists(Booking.objects.filter(Q(walk=OuterRef("walk")) | Q(cut_short_walk=OuterRef("walk"))))
    booking = Q(booking__isnull=False) & (
        Q(booking__nominated_inspector=F("officer"))
        | Q(reason=ReadReason.APPROVAL)
        | Q(by_claim)
        | Q(_on_walk_of_booking())
    )
    walk = Q(walk__isnull=False) & (Q(by_walk) | ~Q(has_bookings) | Q(_claimed(booking__walk=OuterRef("walk"))))
    return Q(concern_id__isnull=False) | booking | walk


def _claimed(**about: OuterRef) -> Exists:
    """The reader had claimed the booking and nobody had it from her by the time of the look."""
    ended = _events(
        kind__in=CLAIM_EVENT_KINDS,
        booking=OuterRef("booking"),
        at__gt=OuterRef("at"),
        at__lte=OuterRef(OuterRef("at")),
    )
    took = [EventKind.CLAIMED, EventKind.CLAIM_TAKEN_OVER]
    taken = _events(kind__in=took, by=OuterRef("officer"), at__lte=OuterRef("at"), **about)
    return Exists(taken.filter(~Exists(ended)))


def _claimed_now() -> Exists:
    """She has it now, and had it then. A claim without an event is older than the history, or from demo data."""
    return Exists(
        Claim.objects.filter(booking=OuterRef("booking"), officer=OuterRef("officer"), at__lte=OuterRef("at"))
    )


def _on_walk_of_booking() -> Exists:
    walks = Q(walk=OuterRef("booking__walk")) | Q(walk=OuterRef("booking__cut_short_walk"))
    return Exists(Assignment.objects.filter(walks, officer=OuterRef("officer")))


def _events(**conditions: object) -> QuerySet[Event]:
    return Event.objects.filter(**conditions).select_related(None).order_by()
