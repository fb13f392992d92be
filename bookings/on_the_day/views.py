"""The list of walks, for officers on their phones and inspectors at their desks."""

import datetime
import itertools
from dataclasses import dataclass
from uuid import UUID

from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils import timezone
from django.views.decorators.http import require_POST, require_safe

from accounts.requests import OfficerRequest, allow_idle_session
from bookings import read_log
from bookings.models.bookings import bookings_on_walk_visible_to
from bookings.models.walk_queries import areas_of, known_to
from bookings.on_the_day.walk_page import EVENING, get_visible_walk, get_visible_walks, open_place_and_phrase, walk_page
from bookings.triage.queue.forms import CursorForm
from boroughs.geography.map_points import DEFAULT_BOROUGH_GSS
from boroughs.models.officers import Officer
from walkandtalk.lib import london
from walkandtalk.lib.paging import get_cursor_row, get_page
from walks.flags import Flag
from walks.maps import on_map
from walks.models.takeovers import Takeover, TakeoverQuerySet
from walks.models.walks import Walk
from walks.permissions import can_read_details, can_see_walks, is_inspector
from walks.planning.duty_conflicts import Conflicts, find_duty_conflicts, flags_with_conflicts

NOTHING = {
    True: "No walks to come. Schedule one from a booking in the queue.",
    False: "No walks to come. When you’re assigned to one, you’ll see it here and get an email.",
}


@allow_idle_session
@require_safe
def walks(request: OfficerRequest) -> HttpResponse:
    if not can_see_walks(request.user):
        raise PermissionDenied
    visible = get_visible_walks(request)
    after = get_cursor_row(visible, CursorForm(request.GET).row())
    shown = known_to(visible.for_officers_page(timezone.now()), request.user)
    page = get_page(shown, by=["start_at"], after=after)
    conflicts = find_duty_conflicts(page.rows) if is_inspector(request.user) else {}
    coming = [walk for walk in page.rows if walk.ended_at is None]
    now = timezone.now()
    asked = Takeover.objects.visible_to(request.user).open(now).filter(colleague=request.user)
    context = {
        "heading": _heading(request.user),
        "days": [
            Day(date, [_row(walk, conflicts) for walk in walks]) for date, walks in itertools.groupby(coming, _date)
        ],
        "ended": [_row(walk, conflicts) for walk in page.rows if walk.ended_at is not None],
        "asked": [] if request.is_idle else _with_areas(asked),
        "nothing": NOTHING[is_inspector(request.user)],
        "last": page.last,
        "is_first_page": after is None,
    }
    return render(request, "bookings/on_the_day/walks.html", context)


@allow_idle_session
@require_safe
def walk(request: OfficerRequest, pk: UUID) -> HttpResponse:
    return walk_page(request, get_visible_walk(request, pk))


@require_POST
def reveal_phone(request: OfficerRequest, pk: UUID, booking_pk: UUID) -> HttpResponse:
    """Show the requester's number in the response to the POST, because a redirect would have to store the number."""
    walk = get_visible_walk(request, pk)
    now = timezone.now()
    if not can_read_details(request.user, walk, walk.live_officers(), now):
        raise PermissionDenied
    booking = get_object_or_404(bookings_on_walk_visible_to(request.user, walk, now), pk=booking_pk)
    number = read_log.reveal_phone(booking, by=request.user)
    return walk_page(request, walk, numbers={booking.pk: number})


def _with_areas(asked: TakeoverQuerySet) -> list[tuple[Takeover, str]]:
    """Return these questions with the ward of each walk, soonest first: all that the colleague may know of it."""
    rows = list(asked.select_related("walk", "asked_by").order_by("start_at", "pk"))
    areas = areas_of([row.walk_id for row in rows]) if rows else {}
    return [(row, areas.get(row.walk_id, "")) for row in rows]


@dataclass(frozen=True)
class WalkRow:
    walk: Walk
    officers: list[Officer]
    flags: list[Flag]


def _row(walk: Walk, conflicts: Conflicts) -> WalkRow:
    return WalkRow(walk, walk.live_officers(), flags_with_conflicts(walk, conflicts))


@dataclass(frozen=True)
class Day:
    date: datetime.date
    rows: list[WalkRow]

    @property
    def is_today(self) -> bool:
        return self.date == london.today()

    @property
    def today(self) -> str:
        """Return "Tonight" if every walk of the day starts in the evening, because officers look for that word."""
        return "Tonight" if all(london.local(row.walk.start_at).hour >= EVENING for row in self.rows) else "Today"


def _date(walk: Walk) -> datetime.date:
    return walk.date


def _heading(user: Officer) -> str:
    return f"Walks of {user.bcu.name}" if user.role == Officer.Role.INSPECTOR and user.bcu else "My walks"


@require_safe
def walk_map(request: OfficerRequest, pk: UUID) -> HttpResponse:
    walk = get_visible_walk(request, pk)
    if walk.erased_at is not None:
        raise Http404
    open_place_and_phrase(walk, by=request.user)
    booking = walk.bookings.select_related("borough").order_by("pk").first()
    borough = booking.borough if booking else walk.bcu.boroughs.order_by("name").first()
    gss = borough.gss if borough else DEFAULT_BOROUGH_GSS
    return render(request, "bookings/on_the_day/walk_map.html", on_map(walk, borough_gss=gss))
