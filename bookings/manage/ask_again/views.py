"""The page from which a requester asks for another walk, with the answers of one that is closed."""

from typing import Any

from django.http import HttpResponse
from django.shortcuts import redirect, render

from bookings.manage.actions import open_by_pin
from bookings.manage.ask_again.forms import AskAgainForm
from bookings.manage.contact.views import PinCheckedPage
from bookings.manage.page_access import is_opened_by_pin
from bookings.models.bookings import Booking
from bookings.permissions import can_ask_again
from bookings.request_form.earlier_answers import start_draft_from
from bookings.request_form.views import remember_draft
from walkandtalk.lib.network import client_address


class AskAgainPage(PinCheckedPage[AskAgainForm]):
    """Fill the request form with the requester's earlier answers. Only she may bring them back to a screen."""

    template_name = "bookings/manage/ask_again.html"
    shows_details = True

    def is_closed(self, booking: Booking) -> bool:
        # The form is on the public host, which the neutral host never leads to.
        return bool(self.request.discreet) or not can_ask_again(booking)  # type: ignore[attr-defined]

    def turn_away(self, booking: Booking) -> HttpResponse | None:
        """Turn away if the area no longer takes part, before the requester types her PIN for nothing."""
        elsewhere = super().turn_away(booking)
        if elsewhere or booking.borough.bcu is not None:
            return elsewhere
        context = {"borough": booking.borough, "token": self.token}
        return render(self.request, "bookings/manage/area_left.html", context)

    def get_form(self, booking: Booking) -> AskAgainForm:
        asks_pin = bool(booking.contact.pin_hmac) and not is_opened_by_pin(self.request, booking)
        return AskAgainForm(self.posted(), asks_pin=asks_pin)

    def context(self, booking: Booking, form: AskAgainForm) -> dict[str, Any]:
        return {**super().context(booking, form), "borough": booking.borough}

    def decide(self, booking: Booking, form: AskAgainForm) -> HttpResponse:
        if form.entered_pin:
            open_by_pin(booking, pin=form.entered_pin, network=client_address(self.request))
        return remember_draft(redirect("request_form:start"), start_draft_from(booking))
