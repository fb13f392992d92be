"""She tells us what worried her, by the link in a message or from her own page."""

from typing import Any
from uuid import UUID

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_http_methods, require_safe

from bookings.manage.page_access import open_link
from bookings.models.bookings import Booking
from bookings.models.links import Link
from bookings.statuses import Status
from feedback.models.concerns import Concern
from feedback.models.events import FollowUpQuestion
from feedback.models.notes import WalkNote
from feedback.permissions import can_submit_report
from feedback.reports import actions
from feedback.reports.forms import CorrectionForm, ReportForm
from walkandtalk.lib.errors import ActionError
from walkandtalk.lib.govuk.pages import render_form

requester_link_required = open_link(Link.Purpose.REPORT, Link.Purpose.PAGE)


@requester_link_required
@require_http_methods(["GET", "POST"])
def submit_report(request: HttpRequest, booking: Booking, token: str) -> HttpResponse:
    if not can_submit_report(booking):
        raise Http404
    form = ReportForm(request.POST if request.method == "POST" else None, walked=booking.status == Status.COMPLETED)
    if form.is_valid():
        actions.submit_report(booking, form.report_submission(), submission=form.cleaned_data["submission"])
        return redirect("feedback:thanks", token=token)
    context: dict[str, Any] = {
        "token": token,
        "told": Concern.objects.submitted_for(booking),
        "has_recorded_notes": Concern.objects.recorded_for(booking).exists()
        or WalkNote.objects.agreed_with(booking).exists(),
        "has_follow_up_questions": FollowUpQuestion.objects.unanswered_by(booking).exists(),
    }
    return render_form(request, "feedback/reports/submit_report.html", form, **context)


@requester_link_required
@require_safe
def recorded_notes(request: HttpRequest, booking: Booking, token: str) -> HttpResponse:
    """What our officers noted for her, and what was agreed with her."""
    return _recorded_notes_page(request, booking, token)


def _recorded_notes_page(request: HttpRequest, booking: Booking, token: str, *, refused: str = "") -> HttpResponse:
    context = {
        "token": token,
        "recorded_concerns": Concern.objects.recorded_for(booking),
        "agreed": WalkNote.objects.agreed_with(booking),
        "error_summary": [{"text": refused}] if refused else [],
    }
    return render(request, "feedback/reports/recorded_notes.html", context, status=409 if refused else 200)


@requester_link_required
@require_http_methods(["GET", "POST"])
def correct(request: HttpRequest, booking: Booking, token: str, pk: UUID) -> HttpResponse:
    """She says it herself, or takes it back. What was noted stands beside the form."""
    concern = get_object_or_404(Concern.objects.recorded_for(booking), pk=pk)
    if request.method != "POST" and not concern.may_be_corrected:
        return redirect("feedback:recorded_notes", token)
    form = CorrectionForm(request.POST if request.method == "POST" else None, concern=concern)
    if form.is_valid():
        try:
            _correct(concern, **form.cleaned_data)
        except ActionError as error:
            return _recorded_notes_page(request, booking, token, refused=str(error))
        return redirect("feedback:recorded_notes", token)
    return render_form(request, "feedback/reports/correct.html", form, concern=concern, token=token)


def _correct(concern: Concern, *, what: str, version: int, place: str, text: str) -> None:
    if what == CorrectionForm.WITHDRAW:
        actions.withdraw_concern(concern, version=version)
    else:
        actions.correct_concern(concern, version=version, place=place, text=text)


@requester_link_required
@require_safe
def thanks(request: HttpRequest, booking: Booking, token: str) -> HttpResponse:
    return render(request, "feedback/reports/thanks.html", {"booking": booking, "token": token})
