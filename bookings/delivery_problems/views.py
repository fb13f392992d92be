"""Women who have not been told, and what an inspector does about it."""

import datetime
from collections.abc import Iterator, Sequence
from uuid import UUID

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts.requests import OfficerRequest, posted_data
from bookings.delivery_problems import actions
from bookings.delivery_problems.forms import AddressForm, DeliveryProblemsForm
from bookings.lookups import get_booking_for_decision
from bookings.models.bookings import Booking
from bookings.notices.contact_preferences import phone_rules
from bookings.notices.undelivered import find_delivery_problems
from bookings.notices.undelivered_to_staff import StaffMessage, undelivered_staff_messages
from bookings.permissions import can_confirm_by_phone, can_see_queue
from bookings.triage.booking_page import run_booking_action
from boroughs.models.officers import Officer
from walkandtalk.lib.errors import ActionError
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
    asked, now = DeliveryProblemsForm(request.GET), timezone.now()
    lists = [
        _list(name, rows, asked)
        for name, rows in _delivery_problem_lists(request.user, asked, now)
        if asked.shows(name)
    ]
    return render(
        request, "bookings/delivery_problems/delivery_problems.html", {"lists": lists, "bcu": request.user.bcu}
    )


def _delivery_problem_lists(
    user: Officer, asked: DeliveryProblemsForm, now: datetime.datetime
) -> Iterator[tuple[str, Sequence[object]]]:
    """Women first, then officers, then the inbox of the team."""
    most = asked.page_number * PAGE_SIZE + 1  # one more, to know whether a page follows
    women = find_delivery_problems(Booking.objects.visible_to(user), now, most=most)
    yield "women", [(delivery_problem, phone_rules(delivery_problem.booking.contact)) for delivery_problem in women]
    news = undelivered_staff_messages(user, now)
    yield "officers", [(row, row.may_resend(now)) for row in news if row.officer is not None]
    yield "teams", [(row, row.may_resend(now)) for row in news if row.officer is None]


def _list(name: str, rows: Sequence[object], asked: DeliveryProblemsForm) -> dict[str, object]:
    page = Paginator(rows, PAGE_SIZE).get_page(asked.page_number)
    return {"name": name, "heading": asked.LISTS[name], "page": page}


def _get_staff_message(request: OfficerRequest, pk: UUID) -> StaffMessage:
    """What did not arrive, of what this person may know of."""
    if not can_see_queue(request.user):
        raise PermissionDenied
    found = [news for news in undelivered_staff_messages(request.user, timezone.now()) if news.message.pk == pk]
    if not found:
        raise Http404
    return found[0]


@require_POST
def resend_to_staff(request: OfficerRequest, pk: UUID) -> HttpResponse:
    news = _get_staff_message(request, pk)
    try:
        actions.resend_staff_message(news, by=request.user)
    except ActionError as error:
        messages.error(request, str(error))
    else:
        messages.success(request, "Sent again. If it does not arrive, it is back here in some minutes.")
    return redirect("delivery_problems:list")


@require_POST
def mark_staff_informed(request: OfficerRequest, pk: UUID) -> HttpResponse:
    actions.resolve_staff_message(_get_staff_message(request, pk), by=request.user)
    messages.success(request, "Taken off the list.")
    return redirect("delivery_problems:list")


@require_POST
def resend(request: OfficerRequest, pk: UUID) -> HttpResponse:
    said = "Sent again: look below in a minute whether it reached her mail server."
    return run_booking_action(request, pk, actions.resend_news, said=said)


@require_http_methods(["GET", "POST"])
def correct_address(request: OfficerRequest, pk: UUID) -> HttpResponse:
    booking = get_booking_for_decision(request, pk)
    form = AddressForm(posted_data(request), may_ask_her=can_confirm_by_phone(request.user, booking))
    status = None
    if form.is_valid():
        try:
            email = form.cleaned_data["email"]
            actions.correct_address(
                booking, by=request.user, email=email, given_by_requester=form.is_given_by_requester
            )
        except ActionError as error:
            form.add_error(None, str(error))
            status = 409
        else:
            messages.success(request, ADDRESS_CORRECTED[booking.is_open and booking.confirmed_at is None])
            return redirect("triage:booking", pk)
    return render_form(request, "bookings/delivery_problems/correct_address.html", form, status=status, booking=booking)
