"""The base class of pages on which a requester proves again that it is her, before something that matters."""

from typing import ClassVar

from django.http import HttpResponse
from django.utils.functional import cached_property

from bookings.manage.actions import open_by_pin
from bookings.manage.decision_pages import RequesterFormPage
from bookings.manage.page_access import grant_access
from bookings.models.bookings import Booking
from bookings.models.links import Link
from data_rights.forms import ProofForm
from walkandtalk.lib.errors import ActionError
from walkandtalk.lib.network import client_address


class ProofPage(RequesterFormPage[ProofForm]):
    """A page that acts once the requester has entered her PIN. If she has none, it acts only on a one-use link.

    If she has a PIN, her inbox alone is never enough: a one-use link asks for the PIN as well.
    """

    one_use_purpose: ClassVar[Link.Purpose]

    @cached_property
    def one_use_token(self) -> str:
        """The token in the address, if it belongs to a one-use link, or "" if her page led here."""
        return self.token if Link.objects.open(self.token, self.one_use_purpose) is not None else ""

    def may_act(self, booking: Booking) -> bool:
        """Return whether this page can act: after the PIN, or because the requester opened it with a one-use link."""
        return booking.asks_for_pin or bool(self.one_use_token)

    def prove(self, booking: Booking, form: ProofForm) -> None:
        """Check the PIN if the requester has one. A PIN that we read out to her is not enough."""
        if booking.asks_for_pin:
            open_by_pin(booking, pin=form.entered_pin, network=client_address(self.request))
            grant_access(self.request, booking)

    def refused(self, booking: Booking, form: ProofForm, error: ActionError) -> HttpResponse:
        form.add_error("pin" if "pin" in form.fields else None, str(error))
        booking.refresh_from_db()
        return self.show(booking, form)
