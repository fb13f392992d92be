"""The page for cancelling a walk."""

from django.http import HttpResponse

from bookings.models.bookings import Booking
from bookings.permissions import BookingAction
from bookings.scheduling.cancellation.actions import cancel_booking_by_us, cancel_walk_of_booking
from bookings.scheduling.cancellation.forms import CancelForm
from bookings.sharing import is_shared_walk
from bookings.triage.frame import FramedDecisionPage
from bookings.undo.preview_pages import PreviewedBookingPage


class CancelPage(PreviewedBookingPage[CancelForm], FramedDecisionPage[CancelForm]):
    template_name = "bookings/scheduling/cancel.html"
    booking_action = BookingAction.CANCEL

    def get_form(self, booking: Booking) -> CancelForm:
        return CancelForm(self.posted(), is_shared_walk=is_shared_walk(booking), initial=self.initial(booking))

    def decide(self, booking: Booking, form: CancelForm) -> HttpResponse:
        cancel = cancel_walk_of_booking if form.is_for_whole_walk else cancel_booking_by_us
        cancel(booking, form.decision(), by=self.request.user, version=form.shown_version)
        return self.done(f"Walk cancelled. {self.how_requester_is_told(booking)}")
