"""The list of delivery problems, and the pages and buttons that resolve them."""

import datetime
from collections.abc import Iterator, Sequence

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.http import Http404, HttpResponse, HttpResponseRedirect
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_safe

from accounts.requests import OfficerRequest
from bookings.approvals.actions import APPROVAL_REQUESTED, ApprovalNeeded, request_approval, usable_approval
from bookings.decisions.flow import DecisionButton
from bookings.decisions.pages import BookingFormPage, StaffDecision
from bookings.delivery_problems import actions
from bookings.delivery_problems.forms import AddressForm, DeliveryProblemsForm
from bookings.models.bookings import Booking
from bookings.notices.contact_preferences import PhoneRules, phone_rules
from bookings.notices.undelivered import find_delivery_problems
from bookings.notices.undelivered_to_staff import StaffMessage, undelivered_staff_messages
from bookings.permissions import can_see_queue
from bookings.statuses import EventKind, ReadReason
from bookings.triage.booking_page import BookingButton
from boroughs.models.officers import Officer
from walkandtalk.lib.errors import ActionError
from walkandtalk.lib.paging import PAGE_SIZE

ADDRESS_CORRECTED = (
    "Address corrected, and the news sent there, without names or phrase until she confirms it. "
    "Links that we sent before no longer work."
)


@require_safe
def delivery_problem_list(request: OfficerRequest) -> HttpResponse:
    if not can_see_queue(request.user):
        raise PermissionDenied
    form, now = DeliveryProblemsForm(request.GET), timezone.now()
    lists = [
        _list(name, rows, form) for name, rows in _delivery_problem_lists(request.user, form, now) if form.shows(name)
    ]
    return render(
        request, "bookings/delivery_problems/delivery_problems.html", {"lists": lists, "bcu": request.user.bcu}
    )


def _delivery_problem_lists(
    user: Officer, form: DeliveryProblemsForm, now: datetime.datetime
) -> Iterator[tuple[str, Sequence[object]]]:
    """Yield the lists: requesters first, then officers, then the team's inbox."""
    most = form.page_number * PAGE_SIZE + 1  # one more shows whether another page follows
    problems = find_delivery_problems(Booking.objects.visible_to(user).known_to(user), now, most=most)
    yield "women", [(problem, _rules(problem.booking)) for problem in problems]
    news = undelivered_staff_messages(user, now)
    yield "officers", [(row, row.may_resend(now)) for row in news if row.officer is not None]
    yield "teams", [(row, row.may_resend(now)) for row in news if row.officer is None]


def _rules(booking: Booking) -> PhoneRules | None:
    """Return how she may be reached, once the booking is known to the reader (docs/rules.md#need-to-know)."""
    return phone_rules(booking.contact) if booking.is_known else None


def _list(name: str, rows: Sequence[object], form: DeliveryProblemsForm) -> dict[str, object]:
    page = Paginator(rows, PAGE_SIZE).get_page(form.page_number)
    return {"name": name, "heading": form.LISTS[name], "page": page}


class StaffMessageButton(StaffDecision[StaffMessage], DecisionButton[StaffMessage]):
    """A button beside a message that did not reach an officer or a team."""

    def find(self) -> StaffMessage:
        if not can_see_queue(self.request.user):
            raise PermissionDenied
        news = undelivered_staff_messages(self.request.user, timezone.now())
        message = next((row for row in news if row.message.pk == self.pk), None)
        if message is None:
            raise Http404
        return message

    def back(self) -> HttpResponseRedirect:
        return redirect("delivery_problems:list")

    def refused(self, error: ActionError) -> HttpResponse:
        messages.error(self.request, str(error))
        return self.back()


class ResendToStaffButton(StaffMessageButton):
    def press(self, news: StaffMessage) -> HttpResponse:
        actions.resend_staff_message(news, by=self.request.user)
        return self.done("Sent again. If it doesn’t arrive, it’s back here in a few minutes.")


class MarkStaffInformedButton(StaffMessageButton):
    def press(self, news: StaffMessage) -> HttpResponse:
        actions.resolve_staff_message(news, by=self.request.user)
        return self.done("Removed from the list.")


class ResendButton(BookingButton):
    def press(self, booking: Booking) -> HttpResponse:
        actions.resend_news(booking, by=self.request.user)
        return self.done("Sent again. Look below in a minute to see whether it arrived.")


class CorrectAddressPage(BookingFormPage[AddressForm]):
    template_name = "bookings/delivery_problems/correct_address.html"
    read_reason = ReadReason.CONTACT

    def get_form(self, booking: Booking) -> AddressForm:
        agreed = usable_approval(booking, EventKind.ADDRESS_CORRECTED, by=self.request.user)
        initial = (
            {"email": agreed.email, "contact_method": agreed.method, "contact_place": agreed.place} if agreed else {}
        )
        return AddressForm(self.posted(), booking=booking, initial=initial)

    def decide(self, booking: Booking, form: AddressForm) -> HttpResponse:
        correction, user = form.decision(), self.request.user
        try:
            actions.correct_address(booking, correction, by=user)
        except ApprovalNeeded:
            request_approval(booking, EventKind.ADDRESS_CORRECTED, correction.spoken, by=user, email=correction.email)
            return self.done(APPROVAL_REQUESTED)
        return self.done(ADDRESS_CORRECTED)
