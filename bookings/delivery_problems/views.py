"""Women who have not been told, and what an inspector does about it."""

import datetime
import uuid as uuid_module
from collections.abc import Iterator, Sequence

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts.requests import OfficerRequest, posted
from bookings.delivery_problems.actions import (
    correct_address,
    see_to_staff_news,
    send_news_again,
    send_staff_news_again,
)
from bookings.delivery_problems.forms import AddressForm, NotToldForm
from bookings.models.bookings import Booking
from bookings.notices.contact_preferences import phone_rules
from bookings.notices.undelivered import who_was_not_told
from bookings.notices.undelivered_to_staff import StaffNews, not_delivered_to_staff
from bookings.permissions import can_confirm_by_phone, can_see_queue
from bookings.triage.booking_page import press
from bookings.triage.lookups import booking_to_decide
from boroughs.models.officers import Officer
from walkandtalk.lib.errors import BookingError
from walkandtalk.lib.govuk.pages import render_form
from walkandtalk.lib.paging import PAGE_SIZE

ADDRESS_CORRECTED = {
    False: "Address corrected, and the news sent there. Old links to her page are dead.",
    True: "Address corrected. She is written to there, without names or phrase until she says that it was her. "
    "Old links to her page are dead.",
}
"""By whether it has still to be shown that the address is hers."""


@require_safe
def not_told(request: OfficerRequest) -> HttpResponse:
    if not can_see_queue(request.user):
        raise PermissionDenied
    asked, now = NotToldForm(request.GET), timezone.now()
    lists = [_list(name, rows, asked) for name, rows in _not_told(request.user, asked, now) if asked.shows(name)]
    return render(request, "bookings/delivery_problems/not_told.html", {"lists": lists, "bcu": request.user.bcu})


def _not_told(user: Officer, asked: NotToldForm, now: datetime.datetime) -> Iterator[tuple[str, Sequence[object]]]:
    """Women first, then officers, then the inbox of the team."""
    most = asked.page_number * PAGE_SIZE + 1  # one more, to know whether a page follows
    women = who_was_not_told(Booking.objects.visible_to(user), now, most=most)
    yield "women", [(untold, phone_rules(untold.booking.contact)) for untold in women]
    news = not_delivered_to_staff(user, now)
    yield "officers", [(row, row.may_go_again(now)) for row in news if row.officer is not None]
    yield "teams", [(row, row.may_go_again(now)) for row in news if row.officer is None]


def _list(name: str, rows: Sequence[object], asked: NotToldForm) -> dict[str, object]:
    page = Paginator(rows, PAGE_SIZE).get_page(asked.page_number)
    return {"name": name, "heading": asked.LISTS[name], "page": page}


def _news(request: OfficerRequest, uuid: uuid_module.UUID) -> StaffNews:
    """What did not arrive, of what this person may know of."""
    if not can_see_queue(request.user):
        raise PermissionDenied
    found = [news for news in not_delivered_to_staff(request.user, timezone.now()) if news.message.pk == uuid]
    if not found:
        raise Http404
    return found[0]


@require_POST
def send_staff_again(request: OfficerRequest, uuid: uuid_module.UUID) -> HttpResponse:
    news = _news(request, uuid)
    try:
        send_staff_news_again(news, by=request.user)
    except BookingError as error:
        messages.error(request, str(error))
    else:
        messages.success(request, "Sent again. If it does not arrive, it is back here in some minutes.")
    return redirect("delivery_problems:not_told")


@require_POST
def staff_knows(request: OfficerRequest, uuid: uuid_module.UUID) -> HttpResponse:
    see_to_staff_news(_news(request, uuid), by=request.user)
    messages.success(request, "Taken off the list.")
    return redirect("delivery_problems:not_told")


@require_POST
def send_again(request: OfficerRequest, uuid: uuid_module.UUID) -> HttpResponse:
    said = "Sent again: look below in a minute whether it reached her mail server."
    return press(request, uuid, send_news_again, said=said)


@require_http_methods(["GET", "POST"])
def address(request: OfficerRequest, uuid: uuid_module.UUID) -> HttpResponse:
    booking = booking_to_decide(request, uuid)
    form = AddressForm(posted(request), may_ask_her=can_confirm_by_phone(request.user, booking))
    status = None
    if form.is_valid():
        try:
            email = form.cleaned_data["email"]
            correct_address(booking, by=request.user, email=email, from_her=form.is_from_her)
        except BookingError as error:
            form.add_error(None, str(error))
            status = 409
        else:
            messages.success(request, ADDRESS_CORRECTED[booking.is_open and booking.confirmed_at is None])
            return redirect("triage:booking", uuid)
    return render_form(request, "bookings/delivery_problems/address.html", form, status=status, booking=booking)
