"""The inspector's pages."""

import uuid as uuid_module
from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from bookings import actions
from bookings.forms.staff import LOOK, CancelForm, ChangeForm, DeclineForm, QueueForm, ScheduleForm, WalkForm, WishForm
from bookings.history import history_of
from bookings.models import LEFT_WAITING, NOT_KNOWN_TO_KNOW, Booking, Walk
from bookings.paging import page_of, row_of
from bookings.permissions import can_change_walk, can_confirm_by_phone, can_decide, can_see_queue
from bookings.promise import promise_of
from bookings.queue import flags_of, queue_row
from bookings.reaching import how_we_write, messages_to_her, phone_rules, whether_she_has_seen
from bookings.statuses import Channel, Status, WalkStatus
from bookings.suggestions import suggest_officers
from boroughs.areas import area_name
from boroughs.requests import OfficerRequest
from walkandtalk.lib import london
from walkandtalk.lib.govuk.pages import render_form

SHORT_WALKS_SHOWN = 20
ALERTS_SHOWN = 20
NOTHING = {
    "open": "No open bookings. New ones appear here as soon as somebody asks.",
    "waiting": "Nobody is waiting for an answer.",
    "scheduled": "No walks are scheduled.",
    "not_known": "Everybody whose walk we cancelled knows.",
    "left_waiting": "Nobody has said so and not been reached.",
    "not_her": "Nobody has said so.",
}


@require_safe
def bookings(request: OfficerRequest) -> HttpResponse:
    if not can_see_queue(request.user):
        raise PermissionDenied
    form = QueueForm.read(request.GET)
    now = timezone.now()
    visible = Booking.objects.visible_to(request.user)
    after = row_of(visible, form.cleaned_data["after"])
    page = page_of(visible.filter(form.rows()).for_queue_page(), by="needed_at", after=after)
    short = Walk.objects.visible_to(request.user).short_of_officers(now)
    context = {
        "form": form,
        "bcu": request.user.bcu,
        "rows": [queue_row(booking, now=now) for booking in page.rows],
        "last": page.last,
        "is_first_page": after is None,
        "left_waiting": [] if after else visible.filter(LEFT_WAITING).for_alerts(now)[: ALERTS_SHOWN + 1],
        "not_known": [] if after else visible.filter(NOT_KNOWN_TO_KNOW).for_alerts(now)[: ALERTS_SHOWN + 1],
        "alerts_shown": f":{ALERTS_SHOWN}",
        "short_walks": [] if after else short[:SHORT_WALKS_SHOWN],
        "nothing": "Nothing more." if after else NOTHING[form.cleaned_data["state"]],
    }
    return render(request, "bookings/staff/bookings.html", context)


@require_safe
def booking(request: OfficerRequest, uuid: uuid_module.UUID) -> HttpResponse:
    return _booking_page(request, _visible_booking(request, uuid))


@require_POST
def booking_phone(request: OfficerRequest, uuid: uuid_module.UUID) -> HttpResponse:
    """Shown in the answer to the tap itself: a redirect would have to keep her number somewhere, and GET never acts."""
    booking = _booking_to_decide(request, uuid)
    return _booking_page(request, booking, number=actions.read_phone(booking, by=request.user))


@require_http_methods(["GET", "POST"])
def schedule(request: OfficerRequest, uuid: uuid_module.UUID) -> HttpResponse:
    booking = _booking_to_decide(request, uuid)
    if not booking.may_become(Status.SCHEDULED) and request.method != "POST":
        return redirect("staff:booking", uuid)
    if booking.confirmed_at is None:
        return _unconfirmed_page(request, booking)
    form = ScheduleForm(_posted(request), bcu=booking.bcu, initial=_first_plan(request, booking))
    status = None
    if LOOK in request.POST:
        form.look_only()
    elif form.is_valid():
        try:
            walk = actions.schedule_booking(booking, by=request.user, **form.cleaned_data)
        except actions.BookingError as error:
            booking = _booking_to_decide(request, uuid)
            form.refuse(error, version=booking.version)
            status = 409
        else:
            done = f"Walk scheduled for {_when(walk)}. The officers are being told."
            messages.success(request, f"{done} {_how_she_hears(booking)}")
            return redirect("staff:booking", uuid)
    return _walk_form_page(request, "bookings/staff/schedule.html", form, [booking], status=status)


@require_http_methods(["GET", "POST"])
def change(request: OfficerRequest, uuid: uuid_module.UUID) -> HttpResponse:
    walk = _walk_to_change(request, uuid)
    if walk.status != WalkStatus.SCHEDULED and request.method != "POST":
        return redirect("staff:walk", uuid)
    form = ChangeForm(_posted(request), bcu=walk.bcu, initial=ChangeForm.initial_of(walk))
    status = None
    if LOOK in request.POST:
        form.look_only()
    elif form.is_valid():
        try:
            actions.change_walk(walk, by=request.user, **form.cleaned_data)
        except actions.BookingError as error:
            walk = _walk_to_change(request, uuid)
            form.refuse(error, revision=walk.revision)
            status = 409
        else:
            messages.success(request, "Walk changed. Everybody it concerns is being told.")
            return redirect("staff:walk", uuid)
    bookings = list(walk.bookings.filter(status=Status.SCHEDULED).for_detail_page())
    return _walk_form_page(request, "bookings/staff/change.html", form, bookings, walk=walk, status=status)


@require_http_methods(["GET", "POST"])
def decline(request: OfficerRequest, uuid: uuid_module.UUID) -> HttpResponse:
    booking = _booking_to_decide(request, uuid)
    if not booking.may_become(Status.DECLINED) and request.method != "POST":
        return redirect("staff:booking", uuid)
    form = DeclineForm(_posted(request))
    status = None
    if form.is_valid():
        try:
            actions.decline_booking(booking, by=request.user, **form.cleaned_data)
        except actions.BookingError as error:
            form.add_error(None, str(error))
            status = 409
        else:
            messages.success(request, f"Booking declined. {_how_she_hears(booking)}")
            return redirect("staff:booking", uuid)
    return render_form(request, "bookings/staff/decline.html", form, status=status, booking=booking)


@require_http_methods(["GET", "POST"])
def cancel(request: OfficerRequest, uuid: uuid_module.UUID) -> HttpResponse:
    booking = _booking_to_decide(request, uuid)
    if not _may_be_cancelled(booking) and request.method != "POST":
        return redirect("staff:booking", uuid)
    form = CancelForm(_posted(request))
    status = None
    if form.is_valid():
        try:
            actions.cancel_booking_by_us(booking, by=request.user, **form.cleaned_data)
        except actions.BookingError as error:
            form.add_error(None, str(error))
            status = 409
        else:
            messages.success(request, f"Walk cancelled. {_how_she_hears(booking)}")
            return redirect("staff:booking", uuid)
    rules = phone_rules(booking.contact)
    return render_form(request, "bookings/staff/cancel.html", form, status=status, booking=booking, rules=rules)


@require_POST
def spoken(request: OfficerRequest, uuid: uuid_module.UUID) -> HttpResponse:
    booking = _booking_to_decide(request, uuid)
    actions.confirm_booking(booking, by=request.user)
    messages.success(request, "Confirmed: you have spoken with her.")
    return redirect("staff:booking", uuid)


@require_POST
def reached(request: OfficerRequest, uuid: uuid_module.UUID) -> HttpResponse:
    booking = _booking_to_decide(request, uuid)
    actions.reach_booking(booking, by=request.user)
    messages.success(request, "Noted: she has been spoken with, or was met.")
    return redirect("staff:booking", uuid)


def _how_she_hears(booking: Booking) -> str:
    if booking.stopped_at is not None:
        return "She asked us to stop writing: she reads it on her page. Ring her if she allows it."
    if booking.channel == Channel.NONE:
        return "She has no email from us: she reads it on her page. Ring her if she allows it."
    return "She is being told: check below that it reached her mail server."


def _posted(request: OfficerRequest) -> Any:
    return request.POST if request.method == "POST" else None


def _visible_booking(request: OfficerRequest, uuid: uuid_module.UUID) -> Booking:
    return get_object_or_404(Booking.objects.visible_to(request.user).for_detail_page(), pk=uuid)


def _booking_to_decide(request: OfficerRequest, uuid: uuid_module.UUID) -> Booking:
    booking = _visible_booking(request, uuid)
    if not can_decide(request.user, booking):
        raise PermissionDenied
    return booking


def _walk_to_change(request: OfficerRequest, uuid: uuid_module.UUID) -> Walk:
    walks = Walk.objects.visible_to(request.user).select_related("bcu").prefetch_related("assignments__officer")
    walk = get_object_or_404(walks, pk=uuid)
    if not can_change_walk(request.user, walk):
        raise PermissionDenied
    return walk


def _may_be_cancelled(booking: Booking) -> bool:
    on_time = booking.walk is None or booking.walk.status == WalkStatus.SCHEDULED
    return booking.may_become(Status.CANCELLED_BY_US) and on_time


def _first_plan(request: OfficerRequest, booking: Booking) -> dict[str, Any]:
    """What the form suggests: the time she chose, the place in her words, and the ways of the BCU."""
    wish = WishForm(request.GET).chosen(list(booking.wishes.all()))
    return {
        "date": wish.date if wish else None,
        "start": wish.start if wish else None,
        "minutes": booking.bcu.walk_minutes,
        "meeting_place": booking.contact.meeting_place,
        "finish_place": "Back at the start",
        "duty_number": booking.bcu.duty_number,
        "version": booking.version,
    }


def _unconfirmed_page(request: OfficerRequest, booking: Booking) -> HttpResponse:
    status = 409 if request.method == "POST" else 200
    context = {"booking": booking, "offer_spoken": can_confirm_by_phone(request.user, booking)}
    return render(request, "bookings/staff/unconfirmed.html", context, status=status)


def _walk_form_page(
    request: OfficerRequest,
    template: str,
    form: WalkForm,
    bookings: list[Booking],
    *,
    walk: Walk | None = None,
    status: int | None,
) -> HttpResponse:
    wards = {booking.ward_id for booking in bookings if booking.ward_id}
    form.offer(suggest_officers(form.bcu, slot=form.slot, ward_ids=wards, besides=walk))
    return render_form(request, template, form, status=status, bookings=bookings, walk=walk, offer_wishes=walk is None)


def _booking_page(request: OfficerRequest, booking: Booking, *, number: str = "") -> HttpResponse:
    decides = can_decide(request.user, booking)
    context = {
        "booking": booking,
        "promise": promise_of(booking, now=timezone.now()),
        "flags": flags_of(booking),
        "writing": how_we_write(booking),
        "seen": whether_she_has_seen(booking),
        "offer_reached": decides and (booking.is_not_known_to_know or booking.is_left_waiting),
        "rules": phone_rules(booking.contact),
        "poster": area_name(booking.source),
        "number": number,
        "messages_to_her": messages_to_her(booking),
        "history": history_of(booking),
        "awaits_confirmation": _may_be_confirmed(booking),
        "offer_spoken": _may_be_confirmed(booking) and can_confirm_by_phone(request.user, booking),
        "offer_schedule": decides and booking.may_become(Status.SCHEDULED) and booking.confirmed_at is not None,
        "offer_decline": decides and booking.may_become(Status.DECLINED),
        "offer_change": decides and _may_be_cancelled(booking),
    }
    return render(request, "bookings/staff/booking.html", context)


def _may_be_confirmed(booking: Booking) -> bool:
    return booking.is_open and booking.confirmed_at is None


def _when(walk: Walk) -> str:
    return f"{london.long_date(walk.start_at)}, {london.clock(walk.start_at)}"
