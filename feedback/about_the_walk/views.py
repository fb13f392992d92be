"""The page on which a requester answers three questions about her walk."""

from typing import Any

from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render

from bookings.models.bookings import Booking
from bookings.permissions import may_be_asked_about_walk
from feedback.about_the_walk.actions import answer_about_walk
from feedback.about_the_walk.forms import AboutTheWalkForm
from feedback.models.walk_answers import AnsweredAboutWalk
from feedback.reports.views import ReportPage
from walkandtalk.lib import london


class AboutTheWalkPage(ReportPage[AboutTheWalkForm]):
    form_class = AboutTheWalkForm
    template_name = "feedback/about_the_walk/questions.html"

    def find(self) -> Booking:
        if not may_be_asked_about_walk(self.booking):
            raise Http404
        return self.booking

    def turn_away(self, booking: Booking) -> HttpResponse | None:
        if not AnsweredAboutWalk.objects.filter(booking=booking).exists():
            return None
        return render(self.request, "feedback/about_the_walk/answered.html", {"token": self.token})

    def context(self, booking: Booking, form: AboutTheWalkForm) -> dict[str, Any]:
        return {"token": self.token}

    def decide(self, booking: Booking, form: AboutTheWalkForm) -> HttpResponse:
        answer_about_walk(booking, form.answers(), today=london.today())
        return redirect("feedback:about_the_walk", token=self.token)
