"""The page for cancelling a walk."""

from typing import Any

from django.http import HttpResponse

from bookings.decisions.lookups import how_requester_is_told
from bookings.decisions.pages import BookingDecisionPage
from bookings.models.bookings import Booking
from bookings.notices.contact_preferences import phone_rules
from bookings.permissions import BookingAction
from bookings.scheduling.cancellation.actions import cancel_booking_by_us, cancel_walk_of_booking
from bookings.scheduling.cancellation.forms import CancelForm
from bookings.sharing import is_shared_walk
from bookings.undo.preview_pages import PreviewedBookingPage


class CancelPage(PreviewedBookingPage[CancelForm], BookingDecisionPage[CancelForm]):
    template_name = "bookings/scheduling/cancel.html"
    booking_action = BookingAction.CANCEL

    def get_form(self, booking: Booking) -> CancelForm:
        return CancelForm(self.posted(), is_shared_walk=is_shared_walk(booking), initial=self.initial(booking))

    def context(self, booking: Booking, form: CancelForm) -> dict[str, Any]:
        return {"booking": booking, "rules": phone_rules(booking.contact)}

    def decide(self, booking: Booking, form: CancelForm) -> HttpResponse:
        cancel = cancel_walk_of_booking if form.is_for_whole_walk else cancel_booking_by_us
        cancel(booking, form.decision(), by=self.request.user, version=form.shown_version)
        return self.done(f"Walk cancelled. {how_requester_is_told(booking)}")
