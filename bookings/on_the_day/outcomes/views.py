"""Record the outcome of a booking that the officers did not close."""

from django.http import HttpResponse
from django.utils import timezone

from bookings.decisions.pages import BookingDecisionPage
from bookings.models.bookings import Booking
from bookings.on_the_day.outcomes import actions
from bookings.on_the_day.outcomes.forms import OutcomeForm
from bookings.permissions import BookingAction, possible_outcomes


class RecordOutcomePage(BookingDecisionPage[OutcomeForm]):
    template_name = "bookings/on_the_day/record_outcome.html"
    booking_action = BookingAction.RECORD_OUTCOME

    def get_form(self, booking: Booking) -> OutcomeForm:
        # If no outcome is possible now, the action refuses and says what a colleague has done.
        allowed = possible_outcomes(booking, timezone.now()) or list(OutcomeForm.OUTCOMES)
        return OutcomeForm(self.posted(), allowed=allowed, initial=self.initial(booking))

    def decide(self, booking: Booking, form: OutcomeForm) -> HttpResponse:
        user, version = self.request.user, form.shown_version
        actions.record_outcome(booking, by=user, version=version, outcome=form.chosen_outcome)
        return self.done(f"Saved: {booking.get_status_display().lower()}.")
