"""All about one booking, and what an inspector notes of her."""

from typing import Any
from uuid import UUID

from django.http import HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_POST, require_safe

from accounts.requests import OfficerRequest
from bookings import read_log
from bookings.decisions.flow import DecisionButton
from bookings.decisions.lookups import get_booking_for_decision, get_visible_booking
from bookings.decisions.pages import BookingDecision
from bookings.events import get_colleague_notes, get_history
from bookings.models.bookings import Booking
from bookings.notices import acknowledgements
from bookings.notices.compose import format_moment
from bookings.notices.contact_preferences import (
    acknowledgement_status,
    email_preference,
    phone_rules,
    requester_messages,
)
from bookings.notices.undelivered import get_delivery_problem
from bookings.permissions import can_confirm_by_phone, can_decide, can_reset_pin
from bookings.read_log import record_booking_read
from bookings.request_form import confirmation
from bookings.response_targets import response_target
from bookings.sharing import can_share_walk
from bookings.statuses import Status
from bookings.triage.queue.rows import booking_flags
from boroughs.public_pages.areas import area_name
from walkandtalk.lib.errors import ActionError


@require_safe
def booking(request: OfficerRequest, pk: UUID) -> HttpResponse:
    booking = get_visible_booking(request, pk)
    if request.method == "GET":
        record_booking_read(booking, by=request.user)
    return booking_page(request, booking)


@require_POST
def reveal_phone(request: OfficerRequest, pk: UUID) -> HttpResponse:
    """Shown in the answer to the tap itself: a redirect would have to keep her number somewhere, and GET never acts."""
    booking = get_booking_for_decision(request, pk)
    return booking_page(request, booking, number=read_log.reveal_phone(booking, by=request.user))


class BookingButton(BookingDecision, DecisionButton[Booking]):
    """A button of the page of a booking. Where it is refused, the page says why above the booking as it is now."""

    def refused(self, error: ActionError) -> HttpResponse:
        return booking_page(self.request, get_visible_booking(self.request, self.pk), refused=error)


class ConfirmByPhoneButton(BookingButton):
    def press(self, booking: Booking) -> HttpResponse:
        confirmation.confirm_by_phone(booking, by=self.request.user, version=self.shown_version)
        return self.done("Confirmed: you have spoken with her.")


class RecordContactButton(BookingButton):
    def press(self, booking: Booking) -> HttpResponse:
        acknowledgements.record_contact(booking, by=self.request.user, version=self.shown_version)
        return self.done("Noted: she has been spoken with, or was met.")


def booking_page(
    request: OfficerRequest, booking: Booking, *, number: str = "", refused: ActionError | None = None
) -> HttpResponse:
    decides, now = can_decide(request.user, booking), timezone.now()
    asked = Booking.objects.visible_to(request.user).request_counts_by_email([booking.contact.email_hmac], now)
    context = {
        "booking": booking,
        "response_target": response_target(booking, now=now),
        "flags": booking_flags(booking, request_counts=asked),
        "email_preference": email_preference(booking),
        "seen": acknowledgement_status(booking),
        "offer_record_contact": decides and booking.needs_contact,
        "offer_record_outcome": decides and bool(booking.possible_outcomes(now)),
        "delivery_problem": get_delivery_problem(booking, now) if decides else None,
        "rules": phone_rules(booking.contact),
        "poster": area_name(booking.source),
        "number": number,
        "requester_messages": requester_messages(booking),
        "history": get_history(booking),
        "notes": get_colleague_notes(booking),
        "is_claimed_by_user": booking.is_claimed_by(request.user),
        "offer_safeguarding": decides and not booking.has_open_safeguarding and booking.erased_at is None,
        "offer_claim": decides and booking.is_open,
        "offer_note": decides and booking.erased_at is None,
        "error_summary": [{"text": str(refused)}] if refused else [],
        **_offered(booking, decides),
        "awaits_confirmation": _awaits_confirmation(booking),
        "offer_confirm_by_phone": _awaits_confirmation(booking) and can_confirm_by_phone(request.user, booking),
        "offer_schedule": decides and booking.awaits_decision and booking.confirmed_at is not None,
        "offer_decline": decides and booking.may_become(Status.DECLINED),
        "previous_preferred_times": booking.previous_preferred_times(),
        "offer_reset_pin": can_reset_pin(request.user, booking),
        "offer_decline_change": decides and booking.has_open_change_request,
        "offer_change": decides and booking.may_be_cancelled_by_us,
    }
    return render(request, "bookings/triage/booking.html", context, status=409 if refused else 200)


def _offered(booking: Booking, decides: bool) -> dict[str, Any]:
    offers = booking.open_offers()
    return {
        "open_offers": offers,
        "answer_until": format_moment(offers[0].expires_at) if offers else "",
        "accepted_offer": booking.accepted_offer(),
        "offer_withdraw": decides and bool(offers),
        "offer_hand_over": decides and booking.status == Status.WAITING,
        "offer_other_times": decides and booking.may_become(Status.OFFERED),
        "offer_place_on_walk": decides and booking.may_become(Status.OFFERED) and can_share_walk(booking),
    }


def _awaits_confirmation(booking: Booking) -> bool:
    return booking.is_open and booking.confirmed_at is None
