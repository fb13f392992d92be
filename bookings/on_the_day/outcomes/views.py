"""Afterwards an inspector says what became of a booking, where the buttons did not."""

from django.http import HttpResponse
from django.utils import timezone

from bookings.decisions.pages import BookingDecisionPage
from bookings.models.bookings import Booking
from bookings.on_the_day.outcomes import actions
from bookings.on_the_day.outcomes.forms import OutcomeForm


class RecordOutcomePage(BookingDecisionPage[OutcomeForm]):
    template_name = "bookings/on_the_day/record_outcome.html"

    def is_closed(self, booking: Booking) -> bool:
        return not booking.possible_outcomes(timezone.now())

    def get_form(self, booking: Booking) -> OutcomeForm:
        # A press that comes too late is answered by the action, which says what a colleague has done.
        allowed = booking.possible_outcomes(timezone.now()) or list(OutcomeForm.OUTCOMES)
        return OutcomeForm(self.posted(), allowed=allowed, initial=self.initial(booking))

    def decide(self, booking: Booking, form: OutcomeForm) -> HttpResponse:
        user, version = self.request.user, form.shown_version
        actions.record_outcome(booking, by=user, version=version, outcome=form.chosen_outcome)
        return self.done(f"Saved: {booking.get_status_display().lower()}.")
