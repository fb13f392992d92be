"""Pages for recurring walks: a BCU's list, and one recurring walk."""

from uuid import UUID

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts.requests import OfficerRequest, posted_data
from walkandtalk.lib import london
from walkandtalk.lib.govuk.pages import render_form
from walks.models.recurring_walks import RecurringWalk
from walks.permissions import is_inspector
from walks.recurring import actions
from walks.recurring.forms import RecurringWalkForm, initial_details

DATES_SHOWN = 4


@require_safe
def recurring_walks(request: OfficerRequest) -> HttpResponse:
    if not is_inspector(request.user):
        raise PermissionDenied
    rows = RecurringWalk.objects.visible_to(request.user).for_list_page()
    context = {"rows": rows, "bcu": request.user.bcu}
    return render(request, "walks/recurring_walks.html", context)


@require_http_methods(["GET", "POST"])
def new_recurring_walk(request: OfficerRequest) -> HttpResponse:
    bcu = request.user.bcu
    if bcu is None or not is_inspector(request.user):
        raise PermissionDenied
    form = RecurringWalkForm(posted_data(request), bcu=bcu, initial=initial_details(bcu, london.today()))
    if request.method == "POST" and form.is_valid():
        recurring_walk = actions.create_recurring_walk(
            by=request.user, plan=form.details(), officers=form.chosen_officers()
        )
        messages.success(request, "Saved. You can now offer its dates from a booking.")
        return redirect("walks:recurring_walk", recurring_walk.pk)
    return render_form(request, "walks/recurring_walk.html", form)


@require_http_methods(["GET", "POST"])
def recurring_walk(request: OfficerRequest, pk: UUID) -> HttpResponse:
    row = _recurring_walk(request, pk)
    form = RecurringWalkForm(posted_data(request), bcu=row.bcu, initial=RecurringWalkForm.initial_of(row))
    if request.method == "POST" and form.is_valid():
        actions.change_recurring_walk(row, by=request.user, plan=form.details(), officers=form.chosen_officers())
        messages.success(request, "Saved. Dates already created don’t change.")
        return redirect("walks:recurring_walk", pk)
    coming = row.walks.filter(start_at__gte=timezone.now()).order_by("start_at")[:DATES_SHOWN]
    context = {"coming": list(coming), "history": list(row.events.select_related("by", "written_note").reverse())}
    return render_form(request, "walks/recurring_walk.html", form, recurring_walk=row, status=None, **context)


@require_POST
def pause_recurring_walk(request: OfficerRequest, pk: UUID) -> HttpResponse:
    row = _recurring_walk(request, pk)
    pauses = row.paused_at is None
    actions.pause_recurring_walk(row, by=request.user, paused=pauses)
    message = "Paused. Nobody can offer its dates. Dates already created don’t change." if pauses else "Resumed."
    messages.success(request, message)
    return redirect("walks:recurring_walk", pk)


def _recurring_walk(request: OfficerRequest, pk: UUID) -> RecurringWalk:
    return get_object_or_404(RecurringWalk.objects.visible_to(request.user).for_list_page(), pk=pk)
