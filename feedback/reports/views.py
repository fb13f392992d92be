"""Pages on which a requester reports concerns and corrects what officers recorded, opened with one of her links."""

from typing import Any

from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_safe

from bookings.decisions.flow import DecisionPage, Form
from bookings.manage.decision_pages import RequesterDecision, RequesterFormPage
from bookings.manage.page_access import is_shown_details, open_link
from bookings.models.bookings import Booking
from bookings.models.links import Link
from bookings.permissions import may_be_asked_about_walk
from bookings.statuses import Status
from feedback.models.concerns import Concern
from feedback.models.events import FollowUpQuestion
from feedback.models.notes import WalkNote
from feedback.permissions import can_submit_report
from feedback.recipients import BookingRecipient
from feedback.reports import actions
from feedback.reports.forms import CorrectionForm, MapStart, ReportForm
from feedback.reports.steps import concerns_with_steps
from walkandtalk.lib.errors import ActionError

REPORT_LINKS = (Link.Purpose.REPORT, Link.Purpose.PAGE)
requester_link_required = open_link(*REPORT_LINKS)


class ReportPage(RequesterFormPage[Form]):
    """Open by a link to report as well, for every request that was the requester's own."""

    purposes = REPORT_LINKS

    def find(self) -> Booking:
        if not can_submit_report(self.booking):
            raise Http404
        return self.booking


class SubmitReportPage(ReportPage[ReportForm]):
    template_name = "feedback/reports/submit_report.html"

    def get_form(self, booking: Booking) -> ReportForm:
        start = MapStart.of_booking(booking) if is_shown_details(self.request, booking) else None
        return ReportForm(self.posted(), walked=booking.status == Status.COMPLETED, map_start=start)

    def context(self, booking: Booking, form: ReportForm) -> dict[str, Any]:
        if not is_shown_details(self.request, booking):
            return {"token": self.token}
        reports = BookingRecipient(booking).reports
        return {
            "token": self.token,
            "told": concerns_with_steps(Concern.objects.submitted_for(booking)),
            "has_recorded_notes": Concern.objects.recorded_for(booking).exists()
            or WalkNote.objects.agreed_with(booking).exists(),
            "has_follow_up_questions": FollowUpQuestion.objects.unanswered_about(reports).exists(),
        }

    def decide(self, booking: Booking, form: ReportForm) -> HttpResponse:
        actions.submit_report(booking, form.report_submission(), submission=form.submission_key)
        return redirect("feedback:thanks", token=self.token)


@requester_link_required
@require_safe
def recorded_notes(request: HttpRequest, booking: Booking, token: str) -> HttpResponse:
    """Show the requester what officers recorded for her, and what was agreed with her."""
    if not is_shown_details(request, booking):
        raise Http404
    return _recorded_notes_page(request, booking, token)


def _recorded_notes_page(request: HttpRequest, booking: Booking, token: str, *, refused: str = "") -> HttpResponse:
    context = {
        "token": token,
        "recorded_concerns": Concern.objects.recorded_for(booking),
        "agreed": WalkNote.objects.agreed_with(booking),
        "error_summary": [{"text": refused}] if refused else [],
    }
    return render(request, "feedback/reports/recorded_notes.html", context, status=409 if refused else 200)


class CorrectPage(RequesterDecision[Concern], DecisionPage[Concern, CorrectionForm]):
    """The requester corrects or withdraws an officer's record, which the page shows beside the form."""

    purposes = REPORT_LINKS
    template_name = "feedback/reports/correct.html"

    def find(self) -> Concern:
        if not is_shown_details(self.request, self.booking):
            raise Http404
        return get_object_or_404(Concern.objects.recorded_for(self.booking), pk=self.kwargs["pk"])

    def back(self) -> HttpResponseRedirect:
        return redirect("feedback:recorded_notes", self.token)

    def is_closed(self, concern: Concern) -> bool:
        return not concern.may_be_corrected

    def get_form(self, concern: Concern) -> CorrectionForm:
        return CorrectionForm(self.posted(), concern=concern)

    def context(self, concern: Concern, form: CorrectionForm) -> dict[str, Any]:
        return {"concern": concern, "token": self.token}

    def decide(self, concern: Concern, form: CorrectionForm) -> HttpResponse:
        wording, version = form.wording(), form.shown_version
        if wording is None:
            actions.withdraw_concern(concern, version=version)
        else:
            actions.correct_concern(concern, wording, version=version)
        return self.back()

    def refused(self, concern: Concern, form: CorrectionForm, error: ActionError) -> HttpResponse:
        return _recorded_notes_page(self.request, self.booking, self.token, refused=str(error))


@requester_link_required
@require_safe
def thanks(request: HttpRequest, booking: Booking, token: str) -> HttpResponse:
    asked = may_be_asked_about_walk(booking)
    context = {"booking": booking, "token": token, "may_be_asked_about_walk": asked}
    return render(request, "feedback/reports/thanks.html", context)
