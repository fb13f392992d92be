"""The requester's page, the ways to find it, and its buttons."""

from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods, require_safe

from bookings.manage.actions import open_by_reference, request_link
from bookings.manage.banners import ADDRESS_STILL_UNCONFIRMED, BANNERS, CANCELLED_WALK, MESSAGES_RESUMED
from bookings.manage.contact import actions as contact_actions
from bookings.manage.decision_pages import RequesterFormPage
from bookings.manage.forms import AcknowledgeForm, CancelForm, FindBookingForm, StopMessagesForm
from bookings.manage.page import RequesterButton, show_page
from bookings.manage.page_access import grant_access, is_shown_details, requester_page_required, require_new_pin
from bookings.models.bookings import Booking
from bookings.notices.acknowledgements import acknowledge_news
from bookings.notices.calendar_entry import calendar_file
from bookings.on_the_day import actions
from bookings.permissions import RequesterAction, awaits_new_address
from bookings.request_form.actions import TooManyRequests
from bookings.request_form.confirmation import confirm_from_message, report_booking_not_mine
from bookings.scheduling.cancellation.actions import cancel_booking_by_requester
from bookings.statuses import Status
from walkandtalk.lib.errors import ActionError
from walkandtalk.lib.govuk.pages import render_form
from walkandtalk.lib.network import client_address
from walks import maps


@login_not_required
@require_http_methods(["GET", "POST"])
def find_booking(request: HttpRequest) -> HttpResponse:
    """Open the requester's page by reference and PIN, or send the link again if she gives only the reference.

    The answer to a reference alone is the same whether or not there is such a booking.
    """
    form = FindBookingForm(request.POST if request.method == "POST" else None)
    if form.is_valid() and not form.given_pin:
        return _send_link(request, form.given_reference)
    if form.is_valid():
        reference, pin = form.given_reference, form.given_pin
        try:
            opened = open_by_reference(reference=reference, pin=pin, network=client_address(request))
        except ActionError as error:
            form.add_error("reference", str(error))
        else:
            (require_new_pin if opened.chooses_pin else grant_access)(request, opened.booking)
            return redirect("manage:page", opened.token)
    return render_form(request, "bookings/manage/find_booking.html", form)


def _send_link(request: HttpRequest, reference: str) -> HttpResponse:
    try:
        request_link(reference, network=client_address(request))
    except TooManyRequests:
        return render(request, "bookings/manage/too_many_requests.html", status=429)
    return render(request, "bookings/manage/link_requested.html")


@requester_page_required
@require_safe
def page(request: HttpRequest, booking: Booking, token: str) -> HttpResponse:
    return show_page(request, booking, token)


class ConfirmButton(RequesterButton):
    """Confirm the request. After the PIN, a GET brings the requester to her page, where she presses the button."""

    def press(self, booking: Booking) -> HttpResponse:
        was_confirmed = booking.confirmed_at is not None
        confirm_from_message(booking, token=self.token)
        if was_confirmed and awaits_new_address(booking):
            return self.done(ADDRESS_STILL_UNCONFIRMED)
        return self.done(BANNERS[RequesterAction.CONFIRM])


class ReportNotMineButton(RequesterButton):
    def press(self, booking: Booking) -> HttpResponse:
        report_booking_not_mine(booking)
        return render(self.request, "bookings/manage/reported_not_mine.html")

    def refused(self, error: ActionError) -> HttpResponse:
        return self.back()


class CancelPage(RequesterFormPage[CancelForm]):
    form_class = CancelForm
    template_name = "bookings/manage/cancel.html"
    requester_action = RequesterAction.CANCEL

    def decide(self, booking: Booking, form: CancelForm) -> HttpResponse:
        had_walk = booking.walk is not None
        cancel_booking_by_requester(booking)
        return self.done(CANCELLED_WALK if had_walk else BANNERS[RequesterAction.CANCEL])


class AcknowledgeButton(RequesterButton):
    """Acknowledge the news that the requester's page showed. The walk may have changed since."""

    def press(self, booking: Booking) -> HttpResponse:
        form = AcknowledgeForm(self.request.POST)
        if not form.is_valid():
            return self.back()
        acknowledge_news(booking, version=form.shown_version)
        return self.done(BANNERS[RequesterAction.ACKNOWLEDGE])


class ReportNobodyCameButton(RequesterButton):
    """Report that nobody came. The requester's page then begins with the number to call."""

    def press(self, booking: Booking) -> HttpResponse:
        actions.report_nobody_came(booking)
        return self.done(BANNERS[RequesterAction.REPORT_NOBODY_CAME])


class ResumeMessagesButton(RequesterButton):
    def press(self, booking: Booking) -> HttpResponse:
        contact_actions.resume_messages(booking)
        return self.done(MESSAGES_RESUMED)


class StopMessagesPage(RequesterFormPage[StopMessagesForm]):
    """Stop all messages, on a page that first says what that means."""

    form_class = StopMessagesForm
    template_name = "bookings/manage/stop_messages.html"
    requester_action = RequesterAction.STOP_MESSAGES

    def decide(self, booking: Booking, form: StopMessagesForm) -> HttpResponse:
        contact_actions.stop_messages(booking)
        return self.done(BANNERS[RequesterAction.STOP_MESSAGES])


@requester_page_required
@require_safe
def on_map(request: HttpRequest, booking: Booking, token: str) -> HttpResponse:
    """Show the meeting place on our own map, so that no other company learns where the requester goes."""
    if booking.status != Status.SCHEDULED or booking.walk is None or booking.confirmed_at is None:
        return redirect("manage:page", token)
    context = maps.on_map(booking.walk, borough_gss=booking.borough.gss)
    return render(request, "bookings/manage/map.html", {**context, "token": token})


@requester_page_required
@require_safe
def calendar(request: HttpRequest, booking: Booking, token: str) -> HttpResponse:
    """Download the calendar entry, with an alarm if she chose one. She must ask: her family may share the calendar."""
    if booking.status != Status.SCHEDULED or not is_shown_details(request, booking):
        return redirect("manage:page", token)
    response = HttpResponse(
        calendar_file(booking, has_alarm="alarm" in request.GET), content_type="text/calendar; charset=utf-8"
    )
    response["Content-Disposition"] = 'attachment; filename="appointment.ics"'
    return response
