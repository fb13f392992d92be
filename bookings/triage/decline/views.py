"""Decline a request."""

from django.http import HttpResponse

from bookings.decisions.lookups import how_requester_is_told
from bookings.decisions.pages import BookingDecisionPage
from bookings.models.bookings import Booking
from bookings.permissions import BookingAction
from bookings.triage.decline.actions import decline_booking
from bookings.triage.decline.forms import DeclineForm
from bookings.undo.preview_pages import PreviewedBookingPage


class DeclinePage(PreviewedBookingPage[DeclineForm], BookingDecisionPage[DeclineForm]):
    form_class = DeclineForm
    template_name = "bookings/triage/decline.html"
    booking_action = BookingAction.DECLINE

    def decide(self, booking: Booking, form: DeclineForm) -> HttpResponse:
        decline_booking(booking, form.decision(), by=self.request.user, version=form.shown_version)
        return self.done(f"Booking declined. {how_requester_is_told(booking)}")
