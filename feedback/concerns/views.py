"""Inspectors read and check what women told us; officers write down what she said on the walk."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_http_methods, require_safe

from accounts.requests import OfficerRequest
from boroughs import taxonomy
from boroughs.models.officers import Officer
from feedback.concerns.actions import (
    accept_concern,
    close_concern_without_action,
    divert_concern,
    merge_concern,
    start_screening,
)
from feedback.concerns.forms import ListForm, MergeForm, ScreenForm
from feedback.models.concerns import PAGE_LENGTH, Concern, Correction
from feedback.permissions import can_answer, can_read_concerns, can_screen
from feedback.statuses import AWAITING_SCREENING, State
from walkandtalk.lib import london
from walkandtalk.lib.errors import ActionError
from walkandtalk.lib.govuk.pages import render_form, summary_row


@require_safe
def concerns(request: OfficerRequest) -> HttpResponse:
    if not can_read_concerns(request.user):
        raise PermissionDenied
    visible = Concern.objects.visible_to(request.user)
    choice = ListForm(request.GET, visible=visible)
    rows = visible.for_tab(choice.shown).for_list_page(after=choice.last_seen)
    page = rows[:PAGE_LENGTH]
    context = {
        "concerns": page,
        "tabs": choice.TABS,
        "shown": choice.shown,
        "is_first_page": choice.last_seen is None,
        "last": page[-1] if len(rows) > PAGE_LENGTH else None,
    }
    return render(request, "feedback/concerns/list.html", context)


@require_http_methods(["GET", "POST"])
def concern(request: OfficerRequest, pk: UUID) -> HttpResponse:
    concern = get_object_or_404(Concern.objects.visible_to(request.user).for_detail_page(), pk=pk)
    may_screen = can_screen(request.user, concern, concern.officers_of_the_walk())
    offer_screening = may_screen and concern.state in AWAITING_SCREENING
    if request.method == "POST" and not may_screen:
        raise PermissionDenied
    form = ScreenForm(
        request.POST if request.method == "POST" else None,
        bcu=concern.team,
        today=london.today(),
        is_new=concern.state == State.REPORTED,
        initial={"owner": request.user.pk, "version": concern.correction_count},
    )
    if form.is_valid():
        try:
            _screen(concern, form, by=request.user)
        except ActionError as error:
            form.add_error("outcome", str(error))
            return _concern_page(request, concern, form, offer_screening=offer_screening, status=409)
        messages.success(request, "Saved.")
        return redirect("feedback:concerns")
    return _concern_page(request, concern, form, offer_screening=offer_screening)


@require_http_methods(["GET", "POST"])
def merge(request: OfficerRequest, pk: UUID) -> HttpResponse:
    """Somebody told us the same before: what becomes of the other is told to her too."""
    visible = Concern.objects.visible_to(request.user)
    concern = get_object_or_404(visible.for_detail_page(), pk=pk)
    if not can_screen(request.user, concern, concern.officers_of_the_walk()):
        raise PermissionDenied
    if concern.state not in AWAITING_SCREENING and request.method != "POST":
        return redirect("feedback:concern", pk)
    posted = request.POST if request.method == "POST" else None
    form = MergeForm(posted, others=visible.merge_candidates(concern), initial={"version": concern.correction_count})
    status = None
    if form.is_valid():
        try:
            merge_concern(concern, by=request.user, **form.merge_decision())
        except ActionError as error:
            form.add_error(None, str(error))
            status = 409
        else:
            messages.success(request, "Joined. She hears of it now, and of each answer to the other.")
            return redirect("feedback:concern", pk)
    return render_form(request, "feedback/concerns/merge.html", form, status=status, concern=concern)


def _concern_page(
    request: OfficerRequest, concern: Concern, form: ScreenForm, *, offer_screening: bool, status: int | None = None
) -> HttpResponse:
    context = {
        "concern": concern,
        "rows": _summary(concern),
        "offer_screening": offer_screening,
        "to_check": concern.state in AWAITING_SCREENING,
        "offer_answer": can_answer(request.user, concern),
        "joined": Concern.objects.visible_to(request.user).filter(merged_into=concern),
    }
    return render_form(request, "feedback/concerns/concern.html", form, status=status, **context)


def _summary(concern: Concern) -> list[dict[str, object]]:
    """What she said, without who she is. What she left out is left out here."""
    noted_by = concern.report.by_officer
    who = f"noted by {noted_by.display_name}" if noted_by else "by her"
    lines = {
        "State": concern.get_state_display(),
        "Place": concern.current_wording.place,
        "In her words": concern.current_wording.text.split("\n"),
        "Before she corrected it": _earlier_wording(concern),
        "Light": concern.get_light_display(),
        "When": concern.get_time_of_day_display(),
        "How often": concern.get_how_often_display(),
        "Felt before the walk": concern.report.get_before_display() or "",
        "Felt after the walk": concern.report.get_after_display() or "",
        "May be passed on": "Yes, without her name" if concern.consent else "No, or she did not say",
        "Told": f"{london.long_date(concern.reported_at)}, {who}",
        "Usually for": taxonomy.usual_owner(concern.kind),
        "Referred to": concern.get_referred_to_display(),
        "Their reference": concern.external_reference,
        "Looked after by": concern.owner.display_name if concern.owner else "",
        "Look at it again by": london.long_date(concern.review_date) if concern.review_date else "",
    }
    return [summary_row(label, value) for label, value in lines.items() if value not in ("", [], [""])]


def _earlier_wording(concern: Concern) -> list[str]:
    """What was noted for her, and what she said before she corrected it again."""
    corrections: list[Concern | Correction] = [*concern.corrections.all()]
    versions = [concern, *corrections][:-1]
    return [line for version in versions for line in (version.place, *version.text.split("\n")) if line]


def _screen(concern: Concern, form: ScreenForm, *, by: Officer) -> None:
    data = form.cleaned_data
    seen: dict[str, Any] = {"by": by, "version": data["version"] or 0}
    match data["outcome"]:
        case "accept":
            accept_concern(concern, owner=data["owner"], review_date=data["review_date"], **seen)
        case "no_action":
            close_concern_without_action(concern, reason=data["reason"], **seen)
        case "divert":
            divert_concern(concern, external_reference=data["external_reference"], **seen)
        case _:
            start_screening(concern, by=by)
