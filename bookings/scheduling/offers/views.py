"""Offer the requester other times, or withdraw the offer."""

from typing import Any

from django.http import HttpResponse

from bookings.decisions.lookups import how_requester_is_told
from bookings.models.bookings import Booking
from bookings.permissions import BookingAction
from bookings.scheduling.offers import actions
from bookings.scheduling.offers.forms import OfferForm
from bookings.triage.booking_page import VersionedBookingButton
from bookings.triage.frame import FramedDecisionPage
from bookings.undo.preview_pages import PreviewedBookingPage
from walkandtalk.lib.plain_text import one_line


class OfferTimesPage(PreviewedBookingPage[OfferForm], FramedDecisionPage[OfferForm]):
    form_class = OfferForm
    template_name = "bookings/scheduling/offer_times.html"
    booking_action = BookingAction.OFFER_TIMES

    def initial(self, booking: Booking) -> dict[str, Any]:
        place = one_line(booking.contact.meeting_place) or booking.borough.name
        return {**super().initial(booking), "first_place": place}

    def decide(self, booking: Booking, form: OfferForm) -> HttpResponse:
        actions.offer_times(booking, by=self.request.user, version=form.shown_version, times=form.offered_times())
        return self.done(f"Times offered. {self.how_requester_is_told(booking)}")


class WithdrawOfferButton(VersionedBookingButton):
    def press(self, booking: Booking) -> HttpResponse:
        actions.withdraw_offers(booking, by=self.request.user, version=self.shown_version)
        return self.done(f"Offer withdrawn. {how_requester_is_told(booking)}")
