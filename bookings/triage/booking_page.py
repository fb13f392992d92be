"""The booking page, and its buttons that record a conversation with the requester."""

from uuid import UUID

from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils import timezone
from django.utils.decorators import method_decorator
from django.views.decorators.http import require_POST, require_safe

from accounts.requests import OfficerRequest
from bookings import read_log
from bookings.decisions.flow import DecisionButton
from bookings.decisions.lookups import get_decidable
from bookings.decisions.pages import BookingDecision
from bookings.decisions.recent_handover import show_recent_handover
from bookings.events import get_colleague_notes, get_history, load_history
from bookings.models.bookings import Booking
from bookings.models.conditions import needs_attendance
from bookings.models.offers import accepted_offer, open_offers
from bookings.models.team_messages import TeamMessage
from bookings.notices.contact_preferences import (
    acknowledgement_status,
    requester_messages,
)
from bookings.notices.undelivered import get_delivery_problem
from bookings.permissions import awaits_confirmation, can_decide
from bookings.read_log import open_booking
from bookings.request_form import confirmation
from bookings.statuses import ReadReason, Status
from bookings.triage.frame import booking_frame, get_bookings_in_frame
from walkandtalk.lib import london
from walkandtalk.lib.errors import ActionError
from walkandtalk.lib.reading import is_reason_given
from walks.planning.duty_conflicts import find_duty_conflicts


@require_safe
def booking(request: OfficerRequest, pk: UUID) -> HttpResponse:
    booking = get_object_or_404(get_bookings_in_frame(request), pk=pk)
    open_booking(booking, by=request.user)
    return booking_page(request, booking)


@require_POST
def reveal_phone(request: OfficerRequest, pk: UUID) -> HttpResponse:
    """Show the requester's number in the response to the POST, because a redirect would have to store the number."""
    booking = get_decidable(request, pk, get_bookings_in_frame(request))
    open_booking(booking, by=request.user, reason=ReadReason.CALL)
    return booking_page(request, booking, number=read_log.reveal_phone(booking, by=request.user))


class BookingButton(BookingDecision, DecisionButton[Booking]):
    """A button on the booking page. If the action is refused, the page shows the reason and the current booking."""

    def refused(self, error: ActionError) -> HttpResponse:
        booking = get_object_or_404(get_bookings_in_frame(self.request), pk=self.pk)
        if not is_reason_given(self.pk):
            open_booking(booking, by=self.request.user, reason=self.read_reason)
        return booking_page(self.request, booking, refused=error)


@method_decorator(show_recent_handover, name="dispatch")
class VersionedBookingButton(BookingButton):
    """A button whose action checks the version of the booking that the page showed."""


class ConfirmByPhoneButton(VersionedBookingButton):
    def press(self, booking: Booking) -> HttpResponse:
        confirmation.confirm_by_phone(booking, by=self.request.user, version=self.shown_version)
        return self.done("Confirmed: you have spoken with her.")


def booking_page(
    request: OfficerRequest, booking: Booking, *, number: str = "", refused: ActionError | None = None
) -> HttpResponse:
    now = timezone.now()
    load_history(booking)
    conflicts = find_duty_conflicts([booking.walk] if booking.walk else [])
    frame = booking_frame(request, booking, conflicts=conflicts)
    sent, offers, from_her = requester_messages(booking, now), open_offers(booking), _team_messages(booking)
    latest = next((each.message for each in sent if each.is_undelivered), None)
    undelivered = {booking.pk: latest} if latest else {}
    is_decider = can_decide(request.user, booking)
    context = {
        **frame,
        "seen": acknowledgement_status(booking),
        "delivery_problem": get_delivery_problem(booking, now, undelivered=undelivered) if is_decider else None,
        "attendance_needed": needs_attendance(booking, now),
        "names_officers": booking.status not in (Status.CANCELLED_BY_US, Status.CANCELLED_BY_REQUESTER),
        "number": number,
        "requester_messages": sent,
        "team_messages": from_her,
        "has_unread": any(message.read_at is None for message in from_her),
        "history": get_history(booking),
        "notes": get_colleague_notes(booking),
        "error_summary": [{"text": str(refused)}] if refused else [],
        "open_offers": offers,
        "answer_until": london.time_and_date(offers[0].expires_at) if offers else "",
        "accepted_offer": accepted_offer(booking),
        "awaits_confirmation": awaits_confirmation(booking),
    }
    return render(request, "bookings/triage/booking.html", context, status=409 if refused else 200)


def _team_messages(booking: Booking) -> list[TeamMessage]:
    """Return what the requester wrote to the team on her page, oldest first, until it is erased."""
    if booking.erased_at is not None:
        return []
    return list(booking.team_messages.select_related("read_by").in_order())
