"""The walks of a week, a month or a day: an inspector's BCU, an officer's own."""

import datetime
from typing import Any

from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from accounts.requests import OfficerRequest
from bookings.models.walk_queries import known_to
from bookings.permissions import can_see_queue
from bookings.staff_calendar.days import CalendarSpan, Row, filter_walks
from bookings.staff_calendar.forms import FARTHEST, CalendarForm
from boroughs.models.officers import Officer
from walkandtalk.lib import london
from walks.models.walks import Walk
from walks.permissions import can_see_walks
from walks.planning.availability import DAY

HEADINGS = ("When", "Meet", "Finish", "Officers", "Women", "Duty number")


@require_safe
def calendar(request: OfficerRequest) -> HttpResponse:
    if not can_see_walks(request.user):
        raise PermissionDenied
    officers = Officer.objects.visible_to(request.user).filter(leads_walks=True).order_by("name", "pk")
    form = CalendarForm(request.GET, officers=officers, bcu=request.user.bcu, today=london.today())
    chosen = {name: form.cleaned_data.get(name) for name in ("officer", "ward")}
    walks = filter_walks(known_to(Walk.objects.visible_to(request.user), request.user), **chosen)
    on_leave = [chosen["officer"]] if chosen["officer"] else list(officers)
    is_team = can_see_queue(request.user)
    span = CalendarSpan.load(walks, on_leave, *form.span(), for_team=is_team)
    context = {
        "form": form,
        "is_team": is_team,
        "whose": _whose(request.user),
        "today": london.today(),
        "month": form.around.month if form.shown == "month" else None,
        "days": span.days(),
        "rows": _rows(span, form) if is_team else None,
        "weeks": span.weeks(),
        "has_walks": bool(span.entries),
        "is_truncated": span.is_truncated,
        **_links(form, is_team=is_team),
    }
    return render(request, "bookings/staff_calendar/calendar.html", context)


def _whose(user: Officer) -> str:
    return user.bcu.name if user.bcu and can_see_queue(user) else "My walks"


def _rows(span: CalendarSpan, form: CalendarForm) -> list[Row] | None:
    """Only a week has a row for each: a month has one for each week."""
    if form.shown == "month":
        return None
    return span.by_ward() if form.grouped == "ward" else span.by_officer()


def _links(form: CalendarForm, *, is_team: bool) -> dict[str, Any]:
    """The ways to the calendars beside this one, as addresses. Her own walks need no row for each officer."""
    groups = CalendarForm.GROUPS if is_team else {form.grouped: ""}
    weeks = [(f"Week {label.lower()}".strip(), "week", by) for by, label in groups.items()]
    here = (form.shown, form.grouped)
    return {
        "ways": [
            (label, form.address(show=show, by=by), (show, by) == here)
            for label, show, by in [*weeks, ("Month", "month", form.grouped)]
        ],
        "earlier": form.address(day=form.earlier()),
        "now": form.address(day=None),
        "later": form.address(day=form.later()),
    }


@require_safe
def calendar_day(request: OfficerRequest, date: datetime.date) -> HttpResponse:
    """One day, to be printed for the briefing. What is on it, and what is not: docs/decisions/calendar.md."""
    if not can_see_walks(request.user):
        raise PermissionDenied
    if abs(date - london.today()) > FARTHEST:
        raise Http404
    walks = known_to(Walk.objects.visible_to(request.user), request.user)
    span = CalendarSpan.load(walks, [], date, 1, for_team=can_see_queue(request.user))
    context = {
        "entries": [entry for entry in span.entries if entry.walk.nominated_inspector_id is None],
        "kept": [entry for entry in span.entries if entry.walk.nominated_inspector_id is not None],
        "headings": HEADINGS,
        "date": date,
        "is_truncated": span.is_truncated,
        "whose": _whose(request.user),
        "earlier": date - DAY,
        "later": date + DAY,
        "may_clear": can_see_queue(request.user) and date >= london.today(),
    }
    return render(request, "bookings/staff_calendar/calendar_day.html", context)
