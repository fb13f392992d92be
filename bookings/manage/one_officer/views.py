"""The page where a requester answers the one-officer question."""

from typing import Any

from django.http import HttpResponse

from bookings.manage.banners import ONE_IS_ENOUGH, ONE_IS_TOO_FEW
from bookings.manage.one_officer.forms import OneOfficerForm
from bookings.manage.page import RequesterAnswerPage
from bookings.models.bookings import Booking
from bookings.on_the_day.one_officer.actions import answer_one_officer_question


class OneOfficerPage(RequesterAnswerPage[OneOfficerForm]):
    """A GET changes nothing, so a mail scanner that follows the link in the message answers nothing."""

    form_class = OneOfficerForm
    template_name = "bookings/manage/one_officer.html"

    def turn_away(self, booking: Booking) -> HttpResponse | None:
        is_open = booking.one_officer_questions.open().exists()
        return self.back() if self.request.method == "GET" and not is_open else None

    def initial(self, booking: Booking) -> dict[str, Any]:
        question = booking.one_officer_questions.open().first()
        return {"of": question.pk if question else None}

    def decide(self, booking: Booking, form: OneOfficerForm) -> HttpResponse:
        answer = form.decision()
        answer_one_officer_question(booking, answer)
        return self.done(ONE_IS_ENOUGH if answer.will_do else ONE_IS_TOO_FEW)
