"""The page of figures. An inspector reads her BCU's figures; a lead compares those of all BCUs."""

import datetime
from typing import Any

from django.core.exceptions import PermissionDenied
from django.http import HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from accounts.requests import OfficerRequest
from bookings.permissions import can_see_figures
from boroughs.models.bcus import BoroughCommandUnit
from boroughs.models.officers import Officer
from figures.comparison import compare, compare_months, every_bcu, figures_for_bcu, monthly_figures, visible_figures
from figures.counting import answers_due_now
from figures.forms import FiguresForm
from figures.showing import FIGURES, compare_counts


@require_safe
def figures(request: OfficerRequest) -> HttpResponse:
    if not can_see_figures(request.user):
        raise PermissionDenied
    now = timezone.now()
    get_figures = _bcu_figures if request.user.role == Officer.Role.INSPECTOR else _all_figures
    return render(request, "figures/figures.html", get_figures(request, now))


def _bcu_figures(request: OfficerRequest, now: datetime.datetime) -> dict[str, Any]:
    rows = visible_figures(request.user)
    form = FiguresForm.read(request.GET, now=now, bcus=[])
    bcu = request.user.bcu
    assert bcu is not None  # noqa: S101  # a database constraint gives every inspector a BCU
    texts = figures_for_bcu(rows, bcu, form.asked_for, exact=True)
    return {
        "form": form,
        "whose": bcu.name,
        "shown_figures": [(figure, texts[figure.code]) for figure in FIGURES],
        "months": monthly_figures(rows, now=now),
        "months_of": bcu.name,
        "owed": answers_due_now(rows, now).get(bcu.pk, (0, 0)),
    }


def _all_figures(request: OfficerRequest, now: datetime.datetime) -> dict[str, Any]:
    bcus = every_bcu()
    form = FiguresForm.read(request.GET, now=now, bcus=bcus)
    rows = visible_figures(request.user)
    comparison = compare(rows, bcus, form.asked_for)
    chosen_bcu = form.chosen
    return {
        "form": form,
        "whose": "All of London",
        "shown_figures": [(figure, comparison.total[figure.code]) for figure in FIGURES],
        "bcus": [
            *_answers_due_by_bcu(bcus, answers_due_now(rows, now)),
            *((figure.label, [(bcu.name, comparison.bcus[bcu.pk][figure.code]) for bcu in bcus]) for figure in FIGURES),
        ],
        "months": compare_months(rows, bcus, chosen=chosen_bcu, now=now),
        "months_of": chosen_bcu.name if chosen_bcu else "All of London",
    }


def _answers_due_by_bcu(
    bcus: list[BoroughCommandUnit], owed: dict[int, tuple[int, int]]
) -> list[tuple[str, list[tuple[str, str]]]]:
    """Return rows like those of the figures: a label, and the number of each BCU.

    Today shows the late ones with a total, so the same numbers are hidden on both pages.
    """
    names = [bcu.name for bcu in bcus]
    return [
        (label, list(zip(names, compare_counts([owed.get(bcu.pk, (0, 0))[number] for bcu in bcus])[0], strict=True)))
        for number, label in enumerate(("Late at this moment", "At risk at this moment"))
    ]
