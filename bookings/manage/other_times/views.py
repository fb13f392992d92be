"""The page where a requester asks for other times or another meeting place."""

from typing import Any

from django.http import HttpResponse

from bookings.manage.banners import BANNERS
from bookings.manage.decision_pages import RequesterFormPage
from bookings.manage.other_times.forms import OtherTimesForm
from bookings.models.bookings import Booking
from bookings.permissions import RequesterAction
from bookings.scheduling.preferred_times import actions
from bookings.statuses import Status
from walkandtalk.lib import london


class RequestOtherTimesPage(RequesterFormPage[OtherTimesForm]):
    """Ask for other times, under the same rules as a request.

    The booking goes back to the inspector. A requester who has a walk keeps it until the inspector answers.
    """

    template_name = "bookings/manage/request_other_times.html"
    requester_action = RequesterAction.REQUEST_OTHER_TIMES
    shows_details = True

    def get_form(self, booking: Booking) -> OtherTimesForm:
        return OtherTimesForm(self.posted(), booking=booking, today=london.today())

    def context(self, booking: Booking, form: OtherTimesForm) -> dict[str, Any]:
        return {"token": self.token, "stands": booking.walk if booking.status == Status.SCHEDULED else None}

    def decide(self, booking: Booking, form: OtherTimesForm) -> HttpResponse:
        if form.stays:
            return self.show(booking, form)
        actions.request_other_times(booking, preferred_time=form.preferred_time())
        return self.done(BANNERS[RequesterAction.REQUEST_OTHER_TIMES])
