"""The requester says whether it is better."""

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods

from bookings.models.bookings import Booking
from feedback.answers import actions
from feedback.answers.forms import BetterForm
from feedback.models.events import BetterQuestion
from feedback.permissions import can_tell_us
from feedback.reports.views import her_link
from walkandtalk.lib.govuk.pages import render_form


@her_link
@require_http_methods(["GET", "POST"])
def better(request: HttpRequest, booking: Booking, token: str) -> HttpResponse:
    """GET shows, so that a scanner which follows the link of the message answers nothing."""
    questions = list(BetterQuestion.objects.open_to(booking))
    if not can_tell_us(booking):
        raise Http404
    if not questions:
        return render(request, "feedback/answers/better_answered.html", {"token": token})
    form = BetterForm(request.POST if request.method == "POST" else None, questions=questions)
    if form.is_valid():
        actions.answer_whether_better(booking, form.answers())
        return redirect("feedback:better", token)
    return render_form(request, "feedback/answers/better.html", form, token=token)
