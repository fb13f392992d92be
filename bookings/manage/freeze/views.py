"""“This wasn’t me”: the requester freezes her booking, and an inspector of another BCU lifts the freeze."""

from typing import Any

from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from bookings.approvals.actions import APPROVAL_REQUESTED, ApprovalNeeded, request_approval, usable_approval
from bookings.decisions.flow import DecisionButton
from bookings.decisions.pages import BookingFormPage
from bookings.manage.decision_pages import RequesterDecision
from bookings.manage.freeze.actions import freeze_booking, lift_freeze
from bookings.manage.freeze.forms import LiftFreezeForm
from bookings.models.bookings import Booking
from bookings.models.links import Link
from bookings.permissions import can_lift_freeze
from bookings.statuses import EventKind, ReadReason
from bookings.triage.ring_her import RingHerPage
from boroughs.help_contacts import help_contacts_by_purpose
from walkandtalk.lib.errors import ActionError


class FreezePage(RequesterDecision[Booking], DecisionButton[Booking]):
    """Ask once whether it really wasn't her: a scanner that follows the link freezes nothing. No PIN is asked for."""

    http_method_names = ["get", "post"]
    purposes = (Link.Purpose.FREEZE, Link.Purpose.PAGE)

    @property
    def shows_details(self) -> bool:  # type: ignore[override]
        """Treat a link to her page like her details, so that a stranger at an unconfirmed address can't freeze it."""
        return bool(self.request.opened_link.purpose == Link.Purpose.PAGE)  # type: ignore[attr-defined]

    def find(self) -> Booking:
        return self.booking

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        return render(request, "bookings/manage/freeze/freeze.html", {"token": self.token})

    def press(self, row: Booking) -> HttpResponse:
        freeze_booking(row)
        return render(self.request, "bookings/manage/frozen.html", {"helplines": help_contacts_by_purpose()})

    def refused(self, error: ActionError) -> HttpResponse:
        raise error


class LiftFreezePage(RingHerPage[Booking, LiftFreezeForm], BookingFormPage[LiftFreezeForm]):
    """Lift a freeze. The POST itself shows the number and the PIN: a redirect would have to store them somewhere."""

    template_name = "bookings/manage/freeze/lift_freeze.html"
    read_reason = ReadReason.FREEZE

    def find(self) -> Booking:
        booking = super().find()
        if not can_lift_freeze(self.request.user, booking):
            raise PermissionDenied
        return booking

    def get_form(self, booking: Booking) -> LiftFreezeForm:
        agreed = usable_approval(booking, EventKind.UNFROZEN, by=self.request.user)
        initial = (
            {"contact_method": agreed.method, "contact_place": agreed.place, "email": agreed.email} if agreed else {}
        )
        return LiftFreezeForm(self.posted(), booking=booking, initial=initial)

    def booking_of(self, row: Booking) -> Booking:
        return row

    def decide(self, booking: Booking, form: LiftFreezeForm) -> HttpResponse:
        unfreeze, user = form.decision(), self.request.user
        try:
            pin = lift_freeze(booking, unfreeze, by=user)
        except ApprovalNeeded:
            request_approval(booking, EventKind.UNFROZEN, unfreeze.spoken, by=user, email=unfreeze.email)
            return self.done(APPROVAL_REQUESTED)
        return render(self.request, "bookings/manage/one_time_pin.html", {"booking": booking, "pin": pin})

    def field_of(self, error: ActionError) -> str:
        return "contact_method"
