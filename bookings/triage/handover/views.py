"""The page for handing a booking over."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect

from bookings.decisions.list_address import address_in_list
from bookings.decisions.lookups import how_requester_is_told
from bookings.models.bookings import Booking
from bookings.permissions import BookingAction
from bookings.triage.frame import FramedDecisionPage
from bookings.triage.handover.actions import hand_over_booking
from bookings.triage.handover.forms import HandOverForm


class HandOverPage(FramedDecisionPage[HandOverForm]):
    template_name = "bookings/triage/hand_over.html"
    booking_action = BookingAction.HAND_OVER

    def get_form(self, booking: Booking) -> HandOverForm:
        without = {booking.team.pk, booking.bcu_id}
        return HandOverForm(self.posted(), without=without, initial=self.initial(booking))

    def decide(self, booking: Booking, form: HandOverForm) -> HttpResponse:
        handover = form.decision()
        hand_over_booking(booking, handover, by=self.request.user, version=form.shown_version)
        confirmation = f"Handed over to {handover.to.name}. It’s in their queue now."
        messages.success(self.request, f"{confirmation} {how_requester_is_told(booking, here=False)}")
        return redirect(address_in_list(self.request, "triage:queue"))
