"""The page of what women answered about their walks: month by month for an inspector's BCU, every BCU for a lead."""

import datetime
from typing import Any

from django.core.exceptions import PermissionDenied
from django.http import HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from accounts.requests import OfficerRequest
from bookings.permissions import can_see_figures
from boroughs.models.officers import Officer
from feedback.models.walk_answers import FEWEST_SHOWN, WalkAnswers
from figures.comparison import every_bcu
from figures.periods import months_over
from figures.showing import HIDDEN_TEXT
from figures.walk_answers.forms import MonthForm
from figures.walk_answers.tables import tables
from walkandtalk.lib import london


@require_safe
def walk_answers(request: OfficerRequest) -> HttpResponse:
    """Show months that are over, so that nobody can watch a number grow."""
    if not can_see_figures(request.user):
        raise PermissionDenied
    months = months_over(timezone.now())[::-1]
    is_inspector = request.user.role == Officer.Role.INSPECTOR
    context = _by_month(request, months) if is_inspector else _by_bcu(request, months)
    return render(
        request, "figures/walk_answers.html", {"fewest": FEWEST_SHOWN, "without_number": {HIDDEN_TEXT}, **context}
    )


def _by_month(request: OfficerRequest, months: list[datetime.date]) -> dict[str, Any]:
    rows = WalkAnswers.objects.visible_to(request.user).of_months_over(london.today())
    totals = {row.month: row.totals for row in rows.filter(month__in=months)}
    shown = tables((f"{month:%B %Y}", totals.get(month, {})) for month in months)
    return {"whose": request.user.bcu, "first": "Month", "others": "months", "tables": shown}


def _by_bcu(request: OfficerRequest, months: list[datetime.date]) -> dict[str, Any]:
    form = MonthForm.read(request.GET, months=months)
    rows = WalkAnswers.objects.visible_to(request.user).of_months_over(london.today())
    totals = {row.bcu_id: row.totals for row in rows.filter(month=form.chosen)}
    shown = tables((bcu.name, totals.get(bcu.pk, {})) for bcu in every_bcu())
    return {"form": form, "whose": f"{form.chosen:%B %Y}, every BCU", "first": "BCU", "others": "BCUs", "tables": shown}
