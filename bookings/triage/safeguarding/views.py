"""“Stop: this is a crime or a safeguarding matter”: what to do now, and a mark on the booking."""

from typing import Any

from django.http import HttpResponse

from bookings.decisions.pages import BookingFormPage
from bookings.models.bookings import Booking
from bookings.permissions import BookingAction
from bookings.triage.safeguarding import actions
from bookings.triage.safeguarding.forms import CloseSafeguardingForm, SafeguardingForm

RING_NEXT = 'Marked, and your inspector is being told. Now ring <a class="govuk-link" href="tel:{}">{}</a>.'


class MarkSafeguardingPage(BookingFormPage[SafeguardingForm]):
    form_class = SafeguardingForm
    template_name = "bookings/triage/mark_safeguarding.html"

    def is_closed(self, booking: Booking) -> bool:
        """Closed once the requester's details are deleted. It stays open for a marked booking, to say what to do."""
        return booking.erased_at is not None

    def context(self, booking: Booking, form: SafeguardingForm) -> dict[str, Any]:
        return {"booking": booking, "duty_number": booking.team.duty_number}

    def decide(self, booking: Booking, form: SafeguardingForm) -> HttpResponse:
        actions.mark_safeguarding_at_triage(booking, by=self.request.user)
        return self.done("Marked. It stays at the top of the list until someone closes it.")


class CloseSafeguardingPage(BookingFormPage[CloseSafeguardingForm]):
    form_class = CloseSafeguardingForm
    template_name = "bookings/triage/close_safeguarding.html"
    booking_action = BookingAction.CLOSE_SAFEGUARDING

    def decide(self, booking: Booking, form: CloseSafeguardingForm) -> HttpResponse:
        actions.close_safeguarding(booking, by=self.request.user, outcome=form.chosen_outcome)
        return self.done("Closed.")
