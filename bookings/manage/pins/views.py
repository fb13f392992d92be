"""The page where an inspector rings a requester who forgot her PIN, and reads a one-time PIN out to her."""

from django.core.exceptions import PermissionDenied
from django.http import HttpResponse
from django.shortcuts import render

from bookings.approvals.actions import APPROVAL_REQUESTED, ApprovalNeeded, request_approval, usable_approval
from bookings.decisions.pages import BookingFormPage
from bookings.manage.pins import actions
from bookings.manage.pins.forms import ResetPinForm
from bookings.models.bookings import Booking
from bookings.permissions import can_reset_pin
from bookings.statuses import EventKind, ReadReason
from bookings.triage.ring_her import RingHerPage
from walkandtalk.lib.errors import ActionError


class ResetPinPage(RingHerPage[Booking, ResetPinForm], BookingFormPage[ResetPinForm]):
    """Reset a PIN. The POST itself shows the number and the PIN: a redirect would have to store them somewhere."""

    form_class = ResetPinForm
    template_name = "bookings/manage/reset_pin.html"
    read_reason = ReadReason.ANSWERED_CALL

    def find(self) -> Booking:
        booking = super().find()
        if not can_reset_pin(self.request.user, booking):
            raise PermissionDenied
        return booking

    def booking_of(self, row: Booking) -> Booking:
        return row

    def get_form(self, booking: Booking) -> ResetPinForm:
        agreed = usable_approval(booking, EventKind.PIN_RESET, by=self.request.user)
        initial = {"contact_method": agreed.method, "contact_place": agreed.place} if agreed else {}
        return ResetPinForm(self.posted(), booking=booking, initial=initial)

    def decide(self, booking: Booking, form: ResetPinForm) -> HttpResponse:
        spoken = form.spoken_with()
        try:
            pin = actions.reset_pin(booking, spoken, by=self.request.user)
        except ApprovalNeeded:
            request_approval(booking, EventKind.PIN_RESET, spoken, by=self.request.user)
            return self.done(APPROVAL_REQUESTED)
        return render(self.request, "bookings/manage/one_time_pin.html", {"booking": booking, "pin": pin})

    def field_of(self, error: ActionError) -> str:
        return "contact_method"
