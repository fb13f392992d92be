"""Pages for duties: a team's week, and one officer's weeks, which the officer or an inspector can change."""

import datetime
from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_safe

from accounts.requests import OfficerRequest, posted_data
from boroughs.models.officers import Officer
from walkandtalk.lib import london
from walkandtalk.lib.govuk.pages import render_form
from walkandtalk.lib.paging import get_cursor_row, get_page
from walks.duties import actions
from walks.duties.collisions import collisions_with_days, collisions_with_week
from walks.duties.entries import DutyEntry
from walks.duties.forms import (
    DutyDaysForm,
    LeaveForm,
    MonthShownForm,
    OfficerCursorForm,
    SaveAnywayForm,
    WeeklyDutyForm,
    WeekShownForm,
)
from walks.duties.grid import days_in, grid, on_duty
from walks.duties.unavailability import rows_to_end
from walks.permissions import can_see_duty, can_set_duty
from walks.planning.availability import DAY, TeamAvailability, dates_from
from walks.planning.duty_conflicts import DutyConflict

DAYS, WEEKS_OF_ONE = 7, 4


@require_safe
def duties(request: OfficerRequest) -> HttpResponse:
    """Redirect an officer to their own weeks. Show an inspector the officers of the BCU who lead walks."""
    if not can_see_duty(request.user):
        raise PermissionDenied
    visible = Officer.objects.visible_to(request.user)
    if request.user.role == Officer.Role.OFFICER:
        return redirect("walks:officer_duties", request.user.pk)
    month = MonthShownForm(request.GET).first_day()
    dates = list(dates_from(month or WeekShownForm(request.GET).monday(), days_in(month) if month else DAYS))
    leading = visible.filter(leads_walks=True).select_related("ward").order_by("name", "pk")
    after = get_cursor_row(visible, OfficerCursorForm(request.GET).row())
    page = get_page(leading, by=["name"], after=after)
    rows = grid(page.rows, TeamAvailability.load(page.rows, dates[0], dates[-1]), dates)
    context = {
        "bcu": request.user.bcu,
        "rows": rows,
        "totals": on_duty(rows, dates),
        "last": page.last,
        "is_first_page": after is None,
        "shown": f"month={dates[0]:%Y-%m}" if month else f"week={dates[0]}",
        "month": month,
        **_week(dates),
    }
    return render(request, "walks/duty_month.html" if month else "walks/duties.html", context)


@require_safe
def officer_duties(request: OfficerRequest, pk: int) -> HttpResponse:
    """Show four weeks of one officer's duties."""
    officer = _officer(request, pk)
    monday = WeekShownForm(request.GET).monday()
    dates = list(dates_from(monday, DAYS * WEEKS_OF_ONE))
    (row,) = grid([officer], TeamAvailability.load([officer], dates[0], dates[-1]), dates)
    weeks = [row.cells[number : number + DAYS] for number in range(0, len(dates), DAYS)]
    context = {
        "officer": officer,
        "weeks": weeks,
        "is_herself": officer == request.user,
        "may_end": bool(rows_to_end(officer, request.user)),
        **_week(dates),
    }
    return render(request, "walks/officer_duties.html", context)


@require_http_methods(["GET", "POST"])
def weekly_duty(request: OfficerRequest, pk: int) -> HttpResponse:
    officer = _officer(request, pk)
    form = WeeklyDutyForm(posted_data(request), initial=WeeklyDutyForm.initial_of(officer))
    if request.method == "POST" and form.is_valid():
        collisions = collisions_with_week(officer, form.week(), timezone.now())
        if not form.has_listed(collisions):
            return _ask_to_save_anyway(request, "walks/weekly_duty.html", form, officer, collisions)
        actions.set_weekly_duty(officer, by=request.user, week=form.week())
        messages.success(request, "Weekly pattern saved.")
        return redirect("walks:officer_duties", pk)
    return render_form(request, "walks/weekly_duty.html", form, officer=officer)


@require_http_methods(["GET", "POST"])
def duty_days(request: OfficerRequest, pk: int) -> HttpResponse:
    """Set single days, or several in a row."""
    return _enter_days(request, pk, DutyDaysForm(posted_data(request)), "walks/duty_days.html")


@require_http_methods(["GET", "POST"])
def leave(request: OfficerRequest, pk: int) -> HttpResponse:
    """Enter leave, from the first day to the last."""
    return _enter_days(request, pk, LeaveForm(posted_data(request)), "walks/leave.html")


def _enter_days(request: OfficerRequest, pk: int, form: DutyDaysForm, template: str) -> HttpResponse:
    officer = _officer(request, pk)
    if request.method != "POST" or not form.is_valid():
        return render_form(request, template, form, officer=officer)
    entries = form.entries(officer)
    collisions = collisions_with_days(entries, timezone.now())
    if not form.has_listed(collisions):
        return _ask_to_save_anyway(request, template, form, officer, collisions)
    actions.set_duty_days(entries, by=request.user)
    messages.success(request, _saved(officer, entries))
    return redirect("walks:officer_duties", pk)


def _ask_to_save_anyway(
    request: OfficerRequest, template: str, form: SaveAnywayForm, officer: Officer, collisions: list[DutyConflict]
) -> HttpResponse:
    form.list_collisions(collisions)
    return render_form(request, template, form, officer=officer, collisions=collisions)


def _officer(request: OfficerRequest, pk: int) -> Officer:
    officer: Officer = get_object_or_404(Officer.objects.visible_to(request.user).select_related("bcu"), pk=pk)
    if not can_set_duty(request.user, officer):
        raise PermissionDenied
    return officer


def _saved(officer: Officer, entries: list[DutyEntry]) -> str:
    """Return the success message, naming walks on days off: a change of duty takes no officer off a walk."""
    days = "1 day saved." if len(entries) == 1 else f"{len(entries)} days saved."
    if entries[0].kind is None or entries[0].times is not None:
        return days
    availability = TeamAvailability.load([officer], entries[0].date, entries[-1].date)
    walks = [start for entry in entries for start, _end in availability.walk_times_on(officer.pk, entry.date)]
    if not walks:
        return days
    still = "; ".join(f"{london.long_date(start)}, {london.clock(start)}" for start in sorted(walks))
    return f"{days} {officer.display_name} is still on these walks, until an inspector replaces her: {still}."


def _week(dates: list[datetime.date]) -> dict[str, Any]:
    """Return the dates shown, and the start of the period before and after."""
    return {
        "dates": dates,
        "today": london.today(),
        "earlier": dates[0] - DAY * len(dates),
        "later": dates[-1] + DAY,
    }
