"""“Assign to me”, and notes for colleagues."""

from django.http import HttpResponse

from bookings.decisions.lookups import get_unopened_booking
from bookings.models.bookings import Booking
from bookings.permissions import BookingAction
from bookings.triage.booking_page import BookingButton
from bookings.triage.claims import actions
from bookings.triage.claims.forms import ClaimForm, ColleagueNoteForm
from bookings.triage.frame import FramedPage


class ClaimButton(BookingButton):
    def find(self) -> Booking:
        """Ask nobody who claims a booking why she needs it."""
        return get_unopened_booking(self.request, self.pk)

    def press(self, booking: Booking) -> HttpResponse:
        claimed_by_id = ClaimForm.read(self.request.POST)
        actions.claim_booking(booking, by=self.request.user, claimed_by_id=claimed_by_id)
        return self.done("Assigned to you. Your colleagues can see this in the queue.")


class ReleaseClaimButton(BookingButton):
    def press(self, booking: Booking) -> HttpResponse:
        actions.release_claim(booking, by=self.request.user)
        return self.done("Unassigned. Leave a note if your colleagues need one.")


class AddNotePage(FramedPage[ColleagueNoteForm]):
    form_class = ColleagueNoteForm
    template_name = "bookings/triage/add_note.html"
    booking_action = BookingAction.ADD_NOTE

    def decide(self, booking: Booking, form: ColleagueNoteForm) -> HttpResponse:
        actions.add_colleague_note(booking, by=self.request.user, note=form.words)
        return self.done("Note saved for your colleagues.")
