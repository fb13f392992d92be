"""The page of someone who told us about a place, the ways to find it, and what she can do there."""

from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.functional import cached_property
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from feedback.answers.actions import record_follow_up_answers
from feedback.answers.forms import FollowUpForm
from feedback.models.concerns import Concern
from feedback.models.contacts import ReportContact
from feedback.models.events import FollowUpQuestion
from feedback.place_reports import actions
from feedback.place_reports.forms import DeleteForm, FindReportForm, StopForm
from feedback.place_reports.page_access import HerPage, forget_access, grant_access, open_report
from feedback.recipients import ContactRecipient
from feedback.reports.steps import concerns_with_steps
from walkandtalk.lib.errors import ActionError
from walkandtalk.lib.govuk.pages import render_form
from walkandtalk.lib.network import client_address


@login_not_required
@require_http_methods(["GET", "POST"])
def find(request: HttpRequest) -> HttpResponse:
    """Open her page by reference and PIN. An unknown reference gets the same answer as a wrong PIN."""
    form = FindReportForm(request.POST if request.method == "POST" else None)
    if form.is_valid():
        reference, pin = form.cleaned_data["reference"], form.cleaned_data["pin"]
        try:
            opened = actions.open_by_reference(reference=reference, pin=pin, network=client_address(request))
        except ActionError as error:
            form.add_error("reference", str(error))
        else:
            grant_access(request, opened.contact)
            return redirect("tell_us:page", opened.token)
    return render_form(request, "feedback/place_reports/find.html", form)


@open_report
@require_safe
def page(request: HttpRequest, contact: ReportContact, token: str) -> HttpResponse:
    """Show each thing that she told us and what came of it, or ask whether it was her."""
    if contact.confirmed_at is None:
        return render(request, "feedback/place_reports/was_it_you.html", {"token": token})
    reports = ContactRecipient(contact).reports
    context = {
        "token": token,
        "contact": contact,
        "told": concerns_with_steps(Concern.objects.filter(report__in=reports).for_requesters_page()),
        "has_follow_up_questions": FollowUpQuestion.objects.unanswered_about(reports).exists(),
    }
    return render(request, "feedback/place_reports/page.html", context)


@open_report
@require_POST
def confirm(request: HttpRequest, contact: ReportContact, token: str) -> HttpResponse:
    # With full details in the email there is no PIN and no reference: only the email has a link.
    actions.confirm_report(contact, is_emailed=not contact.needs_pin)
    return redirect("tell_us:page", token)


def _not_mine(request: HttpRequest, contact: ReportContact, token: str) -> HttpResponse:
    """Stop writing to a stranger. She has no PIN, so none is asked for."""
    if contact.confirmed_at is not None:
        return redirect("tell_us:page", token)
    actions.report_not_mine(contact)
    return render(request, "bookings/manage/reported_not_mine.html")


not_mine = open_report(require_POST(_not_mine), before_pin=True)


class FollowUpPage(HerPage[FollowUpForm]):
    """Ask whether it is better. GET shows, so that a scanner which follows the link of the message answers nothing."""

    template_name = "feedback/answers/follow_up.html"

    @cached_property
    def questions(self) -> list[FollowUpQuestion]:
        return list(FollowUpQuestion.objects.unanswered_about(ContactRecipient(self.contact).reports))

    def turn_away(self, contact: ReportContact) -> HttpResponse | None:
        if self.questions:
            return None
        back = reverse("tell_us:page", args=[self.token])
        return render(self.request, "feedback/answers/follow_up_answered.html", {"page": back})

    def get_form(self, contact: ReportContact) -> FollowUpForm:
        return FollowUpForm(self.posted(), questions=self.questions, names_places=True)

    def decide(self, contact: ReportContact, form: FollowUpForm) -> HttpResponse:
        record_follow_up_answers(ContactRecipient(contact), form.answers())
        return redirect("tell_us:follow_up", self.token)


class StopMessagesPage(HerPage[StopForm]):
    """Stop all messages, on a page that first says what that means."""

    form_class = StopForm
    template_name = "feedback/place_reports/stop.html"

    def is_closed(self, contact: ReportContact) -> bool:
        return not contact.can_be_emailed

    def decide(self, contact: ReportContact, form: StopForm) -> HttpResponse:
        actions.stop_messages(contact)
        return self.back()


class DeletePage(HerPage[DeleteForm]):
    form_class = DeleteForm
    template_name = "feedback/place_reports/delete.html"

    def decide(self, contact: ReportContact, form: DeleteForm) -> HttpResponse:
        actions.delete_report(contact)
        forget_access(self.request)
        return render(self.request, "feedback/place_reports/deleted.html")
