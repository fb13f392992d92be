"""The page of figures. An inspector reads their BCU's figures; a lead compares those of all BCUs."""

import datetime
from typing import Any

from django.core.exceptions import PermissionDenied
from django.http import HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from accounts.requests import OfficerRequest
from bookings.models.bookings import Booking
from bookings.permissions import can_see_figures
from boroughs.models.officers import Officer
from figures.comparison import every_bcu
from figures.counting import answers_due_now
from figures.csv_file import csv_text
from figures.forms import FiguresForm
from figures.models.snapshots import newest_snapshot
from figures.periods import last_day
from figures.permissions import can_compare_bcus
from figures.showing import FIGURES
from figures.table import Place, compared_places, exact_place, in_order, table_rows
from figures.tallies.counted import counted_for
from walkandtalk.lib import london


@require_safe
def figures(request: OfficerRequest) -> HttpResponse:
    now = timezone.now()
    form, places = _read(request, now)
    context: dict[str, Any] = {
        "form": form,
        "first_day": london.local(form.asked_for.since).date(),
        "last_day": last_day(form.asked_for),
        "figures": FIGURES,
        "csv_address": f"period={form.code}",
    }
    if not can_compare_bcus(request.user):
        owed = answers_due_now(Booking.objects.in_figures_for(request.user), now)
        context |= {"place": places[0], "owed": owed.get(request.user.bcu_id, (0, 0))}
        return render(request, "figures/bcu.html", context)
    shown = next(place for place in places if place.bcu == form.chosen)
    ordered = in_order(places, form.chosen_order)
    addresses = [form.address_of(place.bcu) for place in ordered]
    rows = list(zip(ordered, addresses, table_rows(ordered), strict=True))
    context |= {"rows": rows, "place": shown, "published": newest_snapshot()}
    return render(request, "figures/figures.html", context)


@require_safe
def figures_csv(request: OfficerRequest) -> HttpResponse:
    """Return what the page shows, as a file."""
    form, places = _read(request, timezone.now())
    response = HttpResponse(csv_text(places, form.code), content_type="text/csv; charset=utf-8")
    response["Content-Disposition"] = f'attachment; filename="figures-{form.code}.csv"'
    return response


def _read(request: OfficerRequest, now: datetime.datetime) -> tuple[FiguresForm, list[Place]]:
    """Return the choice, and the places whose figures this person may read."""
    user = request.user
    if not can_see_figures(user):
        raise PermissionDenied
    bcus = every_bcu() if user.role == Officer.Role.LEAD else []
    form = FiguresForm.read(request.GET, now=now, bcus=bcus)
    counted = counted_for(user, period=form.code, now=now)
    if can_compare_bcus(user):
        return form, compared_places(counted, bcus, form.code)
    assert user.bcu is not None  # noqa: S101  # a database constraint gives every inspector a BCU
    return form, [exact_place(counted, user.bcu, form.code)]
