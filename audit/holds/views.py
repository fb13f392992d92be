"""Legal holds: a list of them, and the page on which an auditor places, renews or ends the hold of a booking."""

from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpResponse, HttpResponseRedirect
from django.shortcuts import redirect
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from accounts.requests import OfficerRequest, posted_data
from audit.holds.forms import FindHeldBookingForm, HoldForm
from audit.permissions import can_audit
from audit.search.bookings import booking_with_id
from bookings.decisions.flow import DecisionButton, DecisionPage
from bookings.decisions.pages import StaffDecision
from bookings.models.bookings import Booking
from bookings.models.legal_holds import LegalHold
from bookings.retention.holds import end_hold, place_hold
from walkandtalk.lib import london
from walkandtalk.lib.errors import ActionError
from walkandtalk.lib.govuk.pages import render_form
from walkandtalk.lib.paging import get_cursor_row, get_page


@require_http_methods(["GET", "POST"])
def holds(request: OfficerRequest) -> HttpResponse:
    """List the holds, newest first. A POST finds a booking by its reference, and leads to its page."""
    if not can_audit(request.user):
        raise PermissionDenied
    form = FindHeldBookingForm(posted_data(request), user=request.user)
    if request.method == "POST" and form.is_valid() and form.booking is not None:
        return redirect("audit:hold", form.booking.pk)
    rows = LegalHold.objects.visible_to(request.user).select_related("by", "booking", "ended_by").order_by("-at", "-pk")
    after = request.GET.get("after", "")
    cursor = get_cursor_row(rows, int(after) if after.isascii() and after.isdigit() and len(after) < 19 else None)
    page = get_page(rows, by=["-at"], after=cursor)
    return render_form(
        request,
        "audit/holds/holds.html",
        form,
        holds=page.rows,
        last=page.last,
        is_first_page=cursor is None,
        today=london.today(),
        part="holds",
    )


class BookingHold(StaffDecision[Booking]):
    def find(self) -> Booking:
        booking = booking_with_id(self.request.user, self.pk)
        if booking is None:
            raise Http404
        return booking

    def back(self) -> HttpResponseRedirect:
        return redirect("audit:hold", self.pk)


class HoldPage(BookingHold, DecisionPage[Booking, HoldForm]):
    template_name = "audit/holds/hold.html"

    def active_hold(self) -> LegalHold | None:
        active = LegalHold.objects.visible_to(self.request.user).active(timezone.now()).filter(booking=self.pk)
        return active.select_related("by").first()

    def get_form(self, booking: Booking) -> HoldForm:
        return HoldForm(self.posted(), is_renewal=self.active_hold() is not None)

    def context(self, booking: Booking, form: HoldForm) -> dict[str, Any]:
        rows = LegalHold.objects.visible_to(self.request.user).filter(booking=booking).select_related("by", "ended_by")
        return {
            "booking": booking,
            "hold": self.active_hold(),
            "holds": rows.order_by("-at", "-pk"),
            "today": london.today(),
            "part": "holds",
        }

    def decide(self, booking: Booking, form: HoldForm) -> HttpResponse:
        hold = form.hold()
        place_hold(booking, hold, by=self.request.user)
        return self.done(f"Held until the end of {london.long_date(hold.until)}.")


class EndHoldButton(BookingHold, DecisionButton[Booking]):
    def press(self, booking: Booking) -> HttpResponse:
        end_hold(booking, by=self.request.user)
        return self.done("The hold has ended. What was due to be erased is erased by itself.")

    def refused(self, error: ActionError) -> HttpResponse:
        messages.error(self.request, str(error))
        return self.back()
