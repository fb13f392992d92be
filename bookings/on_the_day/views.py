"""The walks, as officers see them on their phones and inspectors at their desks."""

import datetime
import itertools
import uuid as uuid_module
from dataclasses import dataclass

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.html import format_html
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts.requests import OfficerRequest, works_idle
from bookings.models.bookings import women_shown_to
from bookings.on_the_day.actions import end_walk, start_walk
from bookings.on_the_day.officer_withdrawal import leave_walk
from bookings.on_the_day.walk_page import own_walk, press, visible_walk, visible_walks, walk_page
from bookings.read_log import read_phone
from bookings.triage.queue.forms import AfterForm
from boroughs.geography.map_points import MIDDLE_OF_LONDON
from boroughs.models.officers import Officer
from walkandtalk.lib import london
from walkandtalk.lib.errors import BookingError
from walkandtalk.lib.paging import page_of, row_of
from walks.flags import Flag, flags_of_walk
from walks.maps import on_map
from walks.models.walks import Walk
from walks.permissions import can_read_details, can_see_walks
from walks.statuses import WalkStatus

EVENING = 17


@works_idle
@require_safe
def walks(request: OfficerRequest) -> HttpResponse:
    if not can_see_walks(request.user):
        raise PermissionDenied
    visible = visible_walks(request)
    after = row_of(visible, AfterForm(request.GET).row())
    page = page_of(visible.for_officers_page(timezone.now()), by=["start_at"], after=after)
    coming = [walk for walk in page.rows if walk.ended_at is None]
    context = {
        "heading": _heading(request.user),
        "days": [Day(date, [_row(walk) for walk in walks]) for date, walks in itertools.groupby(coming, _date)],
        "ended": [_row(walk) for walk in page.rows if walk.ended_at is not None],
        "nothing": "No walks to come. When you are given one, it appears here and you are sent an email.",
        "last": page.last,
        "is_first_page": after is None,
    }
    return render(request, "bookings/on_the_day/walks.html", context)


@works_idle
@require_safe
def walk(request: OfficerRequest, uuid: uuid_module.UUID) -> HttpResponse:
    return walk_page(request, visible_walk(request, uuid))


@works_idle
@require_POST
def start(request: OfficerRequest, uuid: uuid_module.UUID) -> HttpResponse:
    said = "Walk started. When everybody is where they want to be, press “Ended safely”."
    return press(request, uuid, start_walk, said=said)


@works_idle
@require_POST
def end(request: OfficerRequest, uuid: uuid_module.UUID) -> HttpResponse:
    return press(request, uuid, end_walk, said="Walk ended safely. Thank you.")


@works_idle
@require_http_methods(["GET", "POST"])
def leave(request: OfficerRequest, uuid: uuid_module.UUID) -> HttpResponse:
    """“I can't make it”. The way back to the walk closes with it, so the number to ring goes along."""
    walk = own_walk(request, uuid)
    if request.method != "POST":
        if walk.status != WalkStatus.SCHEDULED:
            return redirect("on_the_day:walk", uuid)
        return render(request, "bookings/on_the_day/leave.html", {"walk": walk})
    try:
        leave_walk(walk, by=request.user)
    except BookingError as error:
        return walk_page(request, visible_walk(request, uuid), refused=error)
    text = 'You are off the walk of {}, {}. Now ring <a class="govuk-notification-banner__link" href="tel:{}">{}</a>.'
    number = walk.duty_number
    day, time = london.long_date(walk.start_at), london.clock(walk.start_at)
    messages.success(request, format_html(text, day, time, number.replace(" ", ""), number))
    return redirect("on_the_day:walks")


@require_POST
def phone(request: OfficerRequest, uuid: uuid_module.UUID, booking_uuid: uuid_module.UUID) -> HttpResponse:
    """Shown in the answer to the tap itself: a redirect would have to keep her number somewhere, and GET never acts."""
    walk = visible_walk(request, uuid)
    now = timezone.now()
    if not can_read_details(request.user, walk, walk.live_officers(), now):
        raise PermissionDenied
    booking = get_object_or_404(women_shown_to(request.user, walk, now), pk=booking_uuid)
    number = read_phone(booking, by=request.user)
    return walk_page(request, walk, numbers={booking.pk: number})


@dataclass(frozen=True)
class WalkRow:
    walk: Walk
    officers: list[Officer]
    flags: list[Flag]


def _row(walk: Walk) -> WalkRow:
    return WalkRow(walk, walk.live_officers(), flags_of_walk(walk))


@dataclass(frozen=True)
class Day:
    date: datetime.date
    rows: list[WalkRow]

    @property
    def is_today(self) -> bool:
        return self.date == london.today()

    @property
    def today(self) -> str:
        """Officers look for "tonight": a day whose every walk starts in the evening is one."""
        return "Tonight" if all(london.local(row.walk.start_at).hour >= EVENING for row in self.rows) else "Today"


def _date(walk: Walk) -> datetime.date:
    return walk.date


def _heading(user: Officer) -> str:
    return f"Walks of {user.bcu.name}" if user.role == Officer.Role.INSPECTOR and user.bcu else "My walks"


@require_safe
def walk_map(request: OfficerRequest, uuid: uuid_module.UUID) -> HttpResponse:
    walk = visible_walk(request, uuid)
    if walk.forgotten_at is not None:
        raise Http404
    booking = walk.bookings.select_related("borough").order_by("pk").first()
    borough = booking.borough if booking else walk.bcu.boroughs.order_by("name").first()
    gss = borough.gss if borough else MIDDLE_OF_LONDON
    return render(request, "bookings/on_the_day/walk_map.html", on_map(walk, borough_gss=gss))
