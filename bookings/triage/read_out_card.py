"""The page from which an inspector reads the walk card to the requester on the phone."""

from django.http import HttpResponse
from django.shortcuts import render

from bookings.models.bookings import Booking
from bookings.notices.walk_card import WalkCard
from bookings.permissions import BookingAction
from bookings.read_log import record_card_read_out
from bookings.triage.booking_page import BookingButton


class ReadOutCardButton(BookingButton):
    """Show the card in the answer to the press: GET never acts, and every showing is an event and a line in the log."""

    booking_action = BookingAction.READ_OUT_CARD

    def press(self, booking: Booking) -> HttpResponse:
        record_card_read_out(booking, by=self.request.user)
        card = WalkCard.of(booking, is_opened_by_pin=True)
        sections = [section for section in card.sections if section.name in ("walk", "check", "nobody")]
        return render(self.request, "bookings/triage/read_out_card.html", {"booking": booking, "sections": sections})
