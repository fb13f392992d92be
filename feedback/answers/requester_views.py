"""The page on which a requester answers follow-up questions."""

from typing import Any

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.functional import cached_property

from bookings.models.bookings import Booking
from feedback.answers import actions
from feedback.answers.forms import FollowUpForm
from feedback.models.events import FollowUpQuestion
from feedback.recipients import BookingRecipient
from feedback.reports.views import ReportPage


class FollowUpPage(ReportPage[FollowUpForm]):
    """GET shows, so that a scanner which follows the link of the message answers nothing."""

    template_name = "feedback/answers/follow_up.html"

    @cached_property
    def questions(self) -> list[FollowUpQuestion]:
        """The unanswered questions, read once: the requester may answer them in another tab meanwhile."""
        return list(FollowUpQuestion.objects.unanswered_about(BookingRecipient(self.booking).reports))

    def turn_away(self, booking: Booking) -> HttpResponse | None:
        if self.questions:
            return None
        page = reverse("feedback:submit_report", args=[self.token])
        return render(self.request, "feedback/answers/follow_up_answered.html", {"page": page})

    def get_form(self, booking: Booking) -> FollowUpForm:
        return FollowUpForm(self.posted(), questions=self.questions)

    def context(self, booking: Booking, form: FollowUpForm) -> dict[str, Any]:
        return {"token": self.token}

    def decide(self, booking: Booking, form: FollowUpForm) -> HttpResponse:
        actions.record_follow_up_answers(BookingRecipient(booking), form.answers())
        return redirect("feedback:follow_up", self.token)
