"""The requester says whether it is better."""

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods

from bookings.models.bookings import Booking
from feedback.answers import actions
from feedback.answers.forms import FollowUpForm
from feedback.models.events import FollowUpQuestion
from feedback.permissions import can_submit_report
from feedback.reports.views import requester_link_required
from walkandtalk.lib.govuk.pages import render_form


@requester_link_required
@require_http_methods(["GET", "POST"])
def follow_up(request: HttpRequest, booking: Booking, token: str) -> HttpResponse:
    """GET shows, so that a scanner which follows the link of the message answers nothing."""
    questions = list(FollowUpQuestion.objects.unanswered_by(booking))
    if not can_submit_report(booking):
        raise Http404
    if not questions:
        return render(request, "feedback/answers/follow_up_answered.html", {"token": token})
    form = FollowUpForm(request.POST if request.method == "POST" else None, questions=questions)
    if form.is_valid():
        actions.record_follow_up_answers(booking, form.answers())
        return redirect("feedback:follow_up", token)
    return render_form(request, "feedback/answers/follow_up.html", form, token=token)
