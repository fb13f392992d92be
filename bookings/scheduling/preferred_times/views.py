"""The page for declining a change request."""

from django.http import HttpResponse

from bookings.models.bookings import Booking
from bookings.permissions import BookingAction
from bookings.scheduling.preferred_times import actions
from bookings.scheduling.preferred_times.forms import DeclineChangeForm
from bookings.triage.frame import FramedDecisionPage
from bookings.undo.preview_pages import PreviewedBookingPage


class DeclineChangeRequestPage(PreviewedBookingPage[DeclineChangeForm], FramedDecisionPage[DeclineChangeForm]):
    form_class = DeclineChangeForm
    template_name = "bookings/scheduling/decline_change_request.html"
    booking_action = BookingAction.DECLINE_CHANGE

    def decide(self, booking: Booking, form: DeclineChangeForm) -> HttpResponse:
        message, version = form.message_to_requester, form.shown_version
        actions.decline_change_request(booking, by=self.request.user, version=version, message=message)
        return self.done(f"Her walk stays as it is. {self.how_requester_is_told(booking)}")
