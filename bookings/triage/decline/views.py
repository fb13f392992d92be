"""Decline a request."""

from django.http import HttpResponse

from bookings.models.bookings import Booking
from bookings.permissions import BookingAction
from bookings.triage.decline.actions import decline_booking
from bookings.triage.decline.forms import DeclineForm
from bookings.triage.frame import FramedDecisionPage
from bookings.undo.preview_pages import PreviewedBookingPage


class DeclinePage(PreviewedBookingPage[DeclineForm], FramedDecisionPage[DeclineForm]):
    form_class = DeclineForm
    template_name = "bookings/triage/decline.html"
    booking_action = BookingAction.DECLINE

    def decide(self, booking: Booking, form: DeclineForm) -> HttpResponse:
        decline_booking(booking, form.decision(), by=self.request.user, version=form.shown_version)
        return self.done(f"Booking declined. {self.how_requester_is_told(booking)}")
