"""Pages from which an inspector rings the requester: her number is one logged press away."""

from abc import abstractmethod
from typing import Any

from django.http import HttpResponse, QueryDict

from bookings.decisions.flow import DecisionPage, Form, Row
from bookings.decisions.pages import StaffDecision
from bookings.models.bookings import Booking
from bookings.notices.contact_preferences import phone_rules
from bookings.read_log import reveal_phone

SHOW_NUMBER = "show"


class RingHerPage(StaffDecision[Row], DecisionPage[Row, Form]):
    """Show the number in the response to the POST itself, because a redirect would have to store it somewhere."""

    number = ""

    @abstractmethod
    def booking_of(self, row: Row) -> Booking:
        """Return the booking of the requester who is rung."""

    def posted(self) -> QueryDict | None:
        posted = super().posted()
        return None if posted is None or SHOW_NUMBER in posted else posted

    def answer(self, row: Row, form: Form) -> HttpResponse:
        if SHOW_NUMBER not in self.request.POST:
            return super().answer(row, form)
        self.number = reveal_phone(self.booking_of(row), by=self.request.user)
        return self.show(row, form)

    def context(self, row: Row, form: Form) -> dict[str, Any]:
        booking = self.booking_of(row)
        return {
            **super().context(row, form),
            "booking": booking,
            "rules": phone_rules(booking.contact),
            "number": self.number,
        }
