"""The rows of the list beside the team's map: what the lists of requests, walks and concerns say, and where."""

import datetime
import itertools
from dataclasses import dataclass

from django.db.models import Exists, OuterRef, Q, QuerySet, Subquery

from bookings.models.booking_queries import prefetch_for_queue
from bookings.models.bookings import Booking
from bookings.models.walk_queries import known_to
from bookings.statuses import Status
from bookings.triage.queue.listing import listed_bookings
from bookings.triage.queue.rows import QueueRow, queue_row
from boroughs.models.officers import Officer
from feedback.models.concerns import Concern
from feedback.staff_map.forms import MapForm
from feedback.staff_map.spots import Spot
from feedback.statuses import ACTIVE_STATES, AWAITING_SCREENING
from walkandtalk.lib import london
from walks.flags import Flag
from walks.models.walks import Walk
from walks.planning.duty_conflicts import find_duty_conflicts, flags_with_conflicts
from walks.statuses import LIVE_STATUSES

MOST_SHOWN = 200


@dataclass(frozen=True)
class RequestRow:
    row: QueueRow
    spot: Spot
    place: str
    """The meeting place, or "" if the reader may know no more than the ward."""

    @property
    def booking(self) -> Booking:
        return self.row.booking


@dataclass(frozen=True)
class WalkRow:
    walk: Walk
    flags: list[Flag]
    spot: Spot

    @property
    def when(self) -> str:
        return f"{london.short_date(self.walk.start_at)}, {london.clock(self.walk.start_at)}"


@dataclass(frozen=True)
class ConcernRow:
    concern: Concern
    place: str
    spot: Spot

    @property
    def when(self) -> str:
        return london.short_date(self.concern.reported_at)


# --- Requests ---------------------------------------------------------------------------------------------------------


def requests(form: MapForm, user: Officer, now: datetime.datetime) -> list[RequestRow]:
    """Return the bookings that fit the filters of the queue, in its order, and one more than is shown."""
    rows = listed_bookings(form, user).known_to(user).with_request_counts(user, now).for_queue_page()
    if form.cleaned_data["needs"]:
        fitting = itertools.islice(rows.with_needs(form.matches_needs), MOST_SHOWN + 1)
        rows = rows.filter(pk__in=list(fitting))
    bookings = list(rows[: MOST_SHOWN + 1])
    prefetch_for_queue(bookings, more_walks=[])
    conflicts = find_duty_conflicts([booking.walk for booking in bookings if booking.walk is not None])
    return [
        _request_row(
            queue_row(booking, user=user, now=now, request_count=booking.request_count, conflicts=conflicts),
            form,
        )
        for booking in bookings
    ]


def _request_row(row: QueueRow, form: MapForm) -> RequestRow:
    booking = row.booking
    area = form.area(booking.ward.gss if booking.ward else "", booking.borough.gss)
    if not booking.is_known:
        return RequestRow(row, area.middle(), "")
    has_walk = booking.status == Status.SCHEDULED and booking.walk is not None
    meets = booking.walk if has_walk and booking.walk is not None else booking.contact
    return RequestRow(row, area.spot_of(meets.meeting_place, meets.map_point), meets.meeting_place)


# --- Walks ------------------------------------------------------------------------------------------------------------


def walks(form: MapForm, user: Officer, now: datetime.datetime) -> list[WalkRow]:
    """Return the walks under way and to come, the soonest first, and one more than is shown."""
    bookings = Booking.objects.filter(walk=OuterRef("pk")).order_by("pk")
    decided = Walk.objects.visible_to(user).filter(status__in=LIVE_STATUSES)
    area = _there(form, "ward__gss", "borough__gss")
    there = decided.filter(Exists(bookings.filter(area))) if area else decided
    codes = {"ward_gss": bookings.values("ward__gss")[:1], "borough_gss": bookings.values("borough__gss")[:1]}
    placed = known_to(there.for_officers_page(now), user).annotate(
        **{name: Subquery(rows) for name, rows in codes.items()}
    )
    shown = list(placed[: MOST_SHOWN + 1])
    conflicts = find_duty_conflicts(shown)
    return [WalkRow(walk, flags_with_conflicts(walk, conflicts), _walk_spot(walk, form)) for walk in shown]


def _walk_spot(walk: Walk, form: MapForm) -> Spot:
    area = form.area(walk.ward_gss or "", walk.borough_gss or "")  # type: ignore[attr-defined]
    return area.spot_of(walk.meeting_place, walk.map_point) if walk.is_known else area.middle()


# --- Concerns ---------------------------------------------------------------------------------------------------------


def open_concerns(user: Officer) -> QuerySet[Concern]:
    """Return the concerns to check and those being dealt with."""
    return Concern.objects.visible_to(user).filter(state__in=AWAITING_SCREENING | ACTIVE_STATES)


def concerns(form: MapForm, user: Officer) -> list[ConcernRow]:
    """Return the open concerns, the newest first, and one more than is shown."""
    there = open_concerns(user).filter(_there(form, "report__ward__gss", "report__borough__gss"))
    related = there.select_related("owner", "report__ward", "report__borough")
    rows = related.prefetch_related("corrections").order_by("-reported_at", "-pk")
    return [_concern_row(concern, form) for concern in rows[: MOST_SHOWN + 1]]


def _concern_row(concern: Concern, form: MapForm) -> ConcernRow:
    """Everyone who can see a concern reads its place in the list, so its point says no more."""
    report, place = concern.report, concern.current_wording.place
    area = form.area(report.ward.gss if report.ward else "", report.borough.gss)
    return ConcernRow(concern, place, area.spot_of(place, None))


def _there(form: MapForm, ward: str, borough: str) -> Q:
    answers = form.cleaned_data
    rows = Q(**{ward: answers["ward"]}) if answers["ward"] else Q()
    return rows & Q(**{borough: answers["borough"]}) if answers["borough"] else rows
