"""The booking page, and its buttons that record a conversation with the requester."""

from uuid import UUID

from django.http import HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.decorators import method_decorator
from django.views.decorators.http import require_POST, require_safe

from accounts.requests import OfficerRequest
from bookings import read_log
from bookings.decisions.flow import DecisionButton
from bookings.decisions.lookups import get_booking_for_decision, get_visible_booking
from bookings.decisions.pages import BookingDecision
from bookings.decisions.recent_handover import show_recent_handover
from bookings.events import get_colleague_notes, get_history
from bookings.models.bookings import Booking
from bookings.models.claims import get_claim
from bookings.models.conditions import needs_attendance
from bookings.models.offers import accepted_offer, open_offers
from bookings.models.preferred_times import previous_preferred_times
from bookings.models.team_messages import TeamMessage
from bookings.notices.compose import format_moment
from bookings.notices.contact_preferences import (
    acknowledgement_status,
    email_preference,
    phone_rules,
    requester_messages,
)
from bookings.notices.undelivered import get_delivery_problem
from bookings.permissions import BookingAction, available_actions, awaits_confirmation, can_decide
from bookings.read_log import open_booking
from bookings.request_form import confirmation
from bookings.response_targets import response_target_tag
from bookings.statuses import ReadReason, Status
from bookings.triage.queue.rows import booking_flags
from boroughs.models.officers import Officer
from boroughs.public_pages.areas import area_name
from walkandtalk.lib.errors import ActionError
from walkandtalk.lib.reading import is_reason_given
from walks.planning.duty_conflicts import find_duty_conflicts


@require_safe
def booking(request: OfficerRequest, pk: UUID) -> HttpResponse:
    booking = get_visible_booking(request, pk)
    open_booking(booking, by=request.user)
    return booking_page(request, booking)


@require_POST
def reveal_phone(request: OfficerRequest, pk: UUID) -> HttpResponse:
    """Show the requester's number in the response to the POST, because a redirect would have to store the number."""
    booking = get_booking_for_decision(request, pk, reason=ReadReason.CALL)
    return booking_page(request, booking, number=read_log.reveal_phone(booking, by=request.user))


class BookingButton(BookingDecision, DecisionButton[Booking]):
    """A button on the booking page. If the action is refused, the page shows the reason and the current booking."""

    def refused(self, error: ActionError) -> HttpResponse:
        booking = get_visible_booking(self.request, self.pk)
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
    available, offers = available_actions(booking, request.user, now), open_offers(booking)
    counted = Booking.objects.visible_to(request.user).with_request_counts(request.user, now)
    request_count = counted.only("pk").get(pk=booking.pk).request_count
    context = {
        "booking": booking,
        "response_target": response_target_tag(booking, now=now),
        "flags": booking_flags(
            booking,
            request_count=request_count,
            conflicts=find_duty_conflicts([booking.walk] if booking.walk else []),
        ),
        "email_preference": email_preference(booking),
        "seen": acknowledgement_status(booking),
        "delivery_problem": get_delivery_problem(booking, now) if can_decide(request.user, booking) else None,
        "attendance_needed": needs_attendance(booking, now),
        "names_officers": booking.status not in (Status.CANCELLED_BY_US, Status.CANCELLED_BY_REQUESTER),
        "rules": phone_rules(booking.contact),
        "poster": area_name(booking.source),
        "number": number,
        "requester_messages": requester_messages(booking),
        "team_messages": _team_messages(booking),
        "history": get_history(booking),
        "notes": get_colleague_notes(booking),
        "is_claimed_by_user": _is_claimed_by(request.user, booking),
        "error_summary": [{"text": str(refused)}] if refused else [],
        "open_offers": offers,
        "answer_until": format_moment(offers[0].expires_at) if offers else "",
        "accepted_offer": accepted_offer(booking),
        "awaits_confirmation": awaits_confirmation(booking),
        "previous_preferred_times": previous_preferred_times(booking),
        **{f"offer_{action}": action in available for action in BookingAction},
    }
    return render(request, "bookings/triage/booking.html", context, status=409 if refused else 200)


def _team_messages(booking: Booking) -> list[TeamMessage]:
    """Return what the requester wrote to the team on her page, oldest first, until it is erased."""
    if booking.erased_at is not None:
        return []
    return list(booking.team_messages.select_related("read_by").in_order())


def _is_claimed_by(user: Officer, booking: Booking) -> bool:
    claim = get_claim(booking)
    return claim is not None and claim.officer_id == user.pk
