"""All about one booking, and what an inspector notes of her."""

import uuid as uuid_module
from functools import partial
from typing import Any, Protocol

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_POST, require_safe

from accounts.requests import OfficerRequest
from bookings.events import history_of, notes_of
from bookings.models.bookings import Booking
from bookings.notices.acknowledgements import reach_booking
from bookings.notices.compose import moment
from bookings.notices.contact_preferences import how_we_write, messages_to_her, phone_rules, whether_she_has_seen
from bookings.notices.undelivered import was_not_told
from bookings.permissions import can_confirm_by_phone, can_decide, can_reset_pin
from bookings.read_log import read_booking, read_phone
from bookings.request_form.confirmation import confirm_by_phone
from bookings.response_targets import promise_of
from bookings.sharing import may_share
from bookings.statuses import Status
from bookings.triage.forms import VersionForm
from bookings.triage.lookups import booking_to_decide, visible_booking
from bookings.triage.queue.rows import flags_of
from boroughs.models.officers import Officer
from boroughs.public_pages.areas import area_name
from walkandtalk.lib.errors import BookingError


@require_safe
def booking(request: OfficerRequest, uuid: uuid_module.UUID) -> HttpResponse:
    booking = visible_booking(request, uuid)
    if request.method == "GET":
        read_booking(booking, by=request.user)
    return booking_page(request, booking)


@require_POST
def booking_phone(request: OfficerRequest, uuid: uuid_module.UUID) -> HttpResponse:
    """Shown in the answer to the tap itself: a redirect would have to keep her number somewhere, and GET never acts."""
    booking = booking_to_decide(request, uuid)
    return booking_page(request, booking, number=read_phone(booking, by=request.user))


@require_POST
def spoken(request: OfficerRequest, uuid: uuid_module.UUID) -> HttpResponse:
    confirm = partial(confirm_by_phone, version=VersionForm.read(request.POST))
    return press(request, uuid, confirm, said="Confirmed: you have spoken with her.")


@require_POST
def reached(request: OfficerRequest, uuid: uuid_module.UUID) -> HttpResponse:
    reach = partial(reach_booking, version=VersionForm.read(request.POST))
    return press(request, uuid, reach, said="Noted: she has been spoken with, or was met.")


class Press(Protocol):
    def __call__(self, booking: Booking, *, by: Officer) -> None: ...


def press(request: OfficerRequest, uuid: uuid_module.UUID, action: Press, *, said: str) -> HttpResponse:
    """A button of her page. Where it is refused, the page says so above what stands now."""
    booking = booking_to_decide(request, uuid)
    try:
        action(booking, by=request.user)
    except BookingError as error:
        return booking_page(request, visible_booking(request, uuid), refused=error)
    messages.success(request, said)
    return redirect("triage:booking", uuid)


def booking_page(
    request: OfficerRequest, booking: Booking, *, number: str = "", refused: BookingError | None = None
) -> HttpResponse:
    decides, now = can_decide(request.user, booking), timezone.now()
    asked = Booking.objects.visible_to(request.user).asked_with([booking.contact.email_hmac], now)
    context = {
        "booking": booking,
        "promise": promise_of(booking, now=now),
        "flags": flags_of(booking, asked=asked),
        "writing": how_we_write(booking),
        "seen": whether_she_has_seen(booking),
        "offer_reached": decides and booking.has_to_be_reached,
        "offer_settle": decides and bool(booking.may_be_settled_as(now)),
        "untold": was_not_told(booking, now) if decides else None,
        "rules": phone_rules(booking.contact),
        "poster": area_name(booking.source),
        "number": number,
        "messages_to_her": messages_to_her(booking),
        "history": history_of(booking),
        "notes": notes_of(booking),
        "has_it": booking.is_had_by(request.user),
        "offer_stop": decides and not booking.is_to_safeguard and booking.forgotten_at is None,
        "offer_take": decides and booking.is_open,
        "offer_note": decides and booking.forgotten_at is None,
        "error_summary": [{"text": str(refused)}] if refused else [],
        **_offered(booking, decides),
        "awaits_confirmation": _may_be_confirmed(booking),
        "offer_spoken": _may_be_confirmed(booking) and can_confirm_by_phone(request.user, booking),
        "offer_schedule": decides and booking.awaits_decision and booking.confirmed_at is not None,
        "offer_decline": decides and booking.may_become(Status.DECLINED),
        "wishes_before": booking.wishes_before(),
        "offer_reset_pin": can_reset_pin(request.user, booking),
        "offer_keep_plan": decides and booking.asks_again,
        "offer_change": decides and booking.may_be_cancelled_by_us,
    }
    return render(request, "bookings/triage/booking.html", context, status=409 if refused else 200)


def _offered(booking: Booking, decides: bool) -> dict[str, Any]:
    offers = booking.open_offers()
    return {
        "open_offers": offers,
        "answer_until": moment(offers[0].expires_at) if offers else "",
        "accepted_offer": booking.accepted_offer(),
        "offer_take_back": decides and bool(offers),
        "offer_hand_over": decides and booking.status == Status.WAITING,
        "offer_offer": decides and booking.may_become(Status.OFFERED),
        "offer_join": decides and booking.may_become(Status.OFFERED) and may_share(booking),
    }


def _may_be_confirmed(booking: Booking) -> bool:
    return booking.is_open and booking.confirmed_at is None
