"""She tells us what worried her, by the link in a message or from her own page."""

from typing import Any
from uuid import UUID

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_http_methods, require_safe

from bookings.manage.page_access import opened_by_link
from bookings.models.bookings import Booking
from bookings.models.links import Link
from bookings.statuses import Status
from feedback.models.concerns import Concern
from feedback.models.events import BetterQuestion
from feedback.models.notes import WalkNote
from feedback.permissions import can_tell_us
from feedback.reports import actions as reports_actions
from feedback.reports.actions import correct_concern, withdraw_concern
from feedback.reports.forms import CorrectionForm, TellUsForm
from walkandtalk.lib.errors import BookingError
from walkandtalk.lib.govuk.pages import render_form

her_link = opened_by_link(Link.Purpose.TELL_US, Link.Purpose.PAGE)


@her_link
@require_http_methods(["GET", "POST"])
def tell_us(request: HttpRequest, booking: Booking, token: str) -> HttpResponse:
    if not can_tell_us(booking):
        raise Http404
    form = TellUsForm(request.POST if request.method == "POST" else None, walked=booking.status == Status.COMPLETED)
    if form.is_valid():
        reports_actions.tell_us(booking, form.told(), submission=form.cleaned_data["submission"])
        return redirect("feedback:thanks", token=token)
    context: dict[str, Any] = {
        "token": token,
        "told": Concern.objects.told_about(booking),
        "has_heard": Concern.objects.heard_from(booking).exists() or WalkNote.objects.agreed_with(booking).exists(),
        "is_asked": BetterQuestion.objects.open_to(booking).exists(),
    }
    return render_form(request, "feedback/reports/tell_us.html", form, **context)


@her_link
@require_safe
def heard(request: HttpRequest, booking: Booking, token: str) -> HttpResponse:
    """What our officers noted for her, and what was agreed with her."""
    return _heard_page(request, booking, token)


def _heard_page(request: HttpRequest, booking: Booking, token: str, *, refused: str = "") -> HttpResponse:
    context = {
        "token": token,
        "heard": Concern.objects.heard_from(booking),
        "agreed": WalkNote.objects.agreed_with(booking),
        "error_summary": [{"text": refused}] if refused else [],
    }
    return render(request, "feedback/reports/heard.html", context, status=409 if refused else 200)


@her_link
@require_http_methods(["GET", "POST"])
def correct(request: HttpRequest, booking: Booking, token: str, uuid: UUID) -> HttpResponse:
    """She says it herself, or takes it back. What was noted stands beside the form."""
    concern = get_object_or_404(Concern.objects.heard_from(booking), pk=uuid)
    if request.method != "POST" and not concern.may_be_corrected:
        return redirect("feedback:heard", token)
    form = CorrectionForm(request.POST if request.method == "POST" else None, concern=concern)
    if form.is_valid():
        try:
            _correct(concern, **form.cleaned_data)
        except BookingError as error:
            return _heard_page(request, booking, token, refused=str(error))
        return redirect("feedback:heard", token)
    return render_form(request, "feedback/reports/correct.html", form, concern=concern, token=token)


def _correct(concern: Concern, *, what: str, version: int, place: str, text: str) -> None:
    if what == CorrectionForm.TAKE_BACK:
        withdraw_concern(concern, version=version)
    else:
        correct_concern(concern, version=version, place=place, text=text)


@her_link
@require_safe
def thanks(request: HttpRequest, booking: Booking, token: str) -> HttpResponse:
    return render(request, "feedback/reports/thanks.html", {"booking": booking, "token": token})
