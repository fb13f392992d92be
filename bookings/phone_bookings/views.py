"""Pages where an inspector takes a phone booking, reads it back to the requester and sends it."""

from typing import Any
from uuid import UUID, uuid4

from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts.requests import OfficerRequest, posted_data
from bookings import links
from bookings.decisions.flow import DecisionPage
from bookings.decisions.pages import StaffDecision
from bookings.manage.pins.actions import issue_first_pin
from bookings.models.bookings import Booking
from bookings.models.drafts import Draft
from bookings.permissions import can_issue_first_pin, can_take_phone_bookings
from bookings.phone_bookings.actions import save_phone_answers
from bookings.phone_bookings.forms import (
    FormSections,
    PageIdForm,
    ReadBackForm,
    borough_of,
    broken_rules,
    first_page,
    not_open_yet_error,
    second_page,
    under_18_not_offered_error,
)
from bookings.request_form.actions import PhoneBooking, request_booking
from bookings.request_form.booking_request import BookingRequest
from bookings.request_form.questions import Answers, booking_request, first_unanswered
from bookings.request_form.summary import get_summary_rows
from bookings.statuses import PhoneRule, StaffBookingMethod
from boroughs.models.bcus import BoroughCommandUnit
from boroughs.statements import statements
from walkandtalk.lib import london


@require_http_methods(["GET", "POST"])
def new_booking(request: OfficerRequest) -> HttpResponse:
    """Ask first whether the requester is safe and how we may contact her, in case the call ends."""
    _require_can_take_phone_bookings(request)
    of = PageIdForm(posted_data(request) or request.GET)
    pk = of.cleaned_data["of"] if of.is_valid() else uuid4()
    draft = Draft.objects.visible_to(request.user).filter(pk=pk).first()
    if draft is not None and not draft.answers and draft.bookings_from_draft().exists():
        return redirect("phone_bookings:sent", pk)
    page = first_page(posted_data(request), answers=draft.answers if draft else {}, today=london.today())
    if request.method == "POST" and page.is_valid() and not _refuse_if_not_offered(page):
        try:
            save_phone_answers(pk, by=request.user, answers=page.answers())
        except Draft.DoesNotExist:
            raise Http404 from None
        return redirect("phone_bookings:details", pk)
    return _show(request, "bookings/phone_bookings/new_booking.html", page, of=pk)


@require_http_methods(["GET", "POST"])
def new_booking_more(request: OfficerRequest, pk: UUID) -> HttpResponse:
    draft = _draft(request, pk)
    if not draft.answers:
        return redirect("phone_bookings:sent", pk)
    bcu = _team_of(draft.answers)
    page = second_page(posted_data(request), answers=draft.answers, today=london.today(), by=request.user, bcu=bcu)
    if request.method == "POST" and page.is_valid():
        draft.save_answers(page.answers())
        return redirect("phone_bookings:read_back", pk)
    return _show(
        request, "bookings/phone_bookings/new_booking_details.html", page, of=pk, bcu=bcu, **_days(request, bcu)
    )


class ReadBackPage(StaffDecision[Draft], DecisionPage[Draft, ReadBackForm]):
    """The answers to read back to the requester, and a button that sends them. Pressing it twice makes one booking."""

    template_name = "bookings/phone_bookings/read_back.html"

    def find(self) -> Draft:
        return _draft(self.request, self.pk)

    def back(self) -> HttpResponseRedirect:
        return redirect("phone_bookings:sent", self.pk)

    def turn_away(self, draft: Draft) -> HttpResponse | None:
        if not draft.answers:
            return self.back()
        if first_unanswered({**draft.answers, "pin": {"pin": "read out later"}}):
            return redirect("phone_bookings:details", self.pk)
        return None

    def get_form(self, draft: Draft) -> ReadBackForm:
        request, bcu = booking_request(draft.answers), _team_of(draft.answers)
        to = "a nominated inspector of another BCU" if request.restricted else bcu.name
        return ReadBackForm(self.posted(), to=to, spoken=_confirmation_label(request, _method(draft.answers)))

    def context(self, draft: Draft, form: ReadBackForm) -> dict[str, Any]:
        return {"of": self.pk, **_read_back(self.request, self.pk, draft.answers)}

    def decide(self, draft: Draft, form: ReadBackForm) -> HttpResponse:
        spoken = form.has_spoken_with_requester
        phone_booking = PhoneBooking(by=self.request.user, how=_method(draft.answers), spoken=spoken)
        request_booking(draft, request=booking_request(draft.answers), phone_booking=phone_booking)
        return self.back()


@require_safe
def new_booking_sent(request: OfficerRequest, pk: UUID) -> HttpResponse:
    """Show the reference to read out to the requester, for an hour, even if another inspector has the booking now."""
    return _sent(request, _booking_from_draft(request, pk))


@require_POST
def issue_pin(request: OfficerRequest, pk: UUID) -> HttpResponse:
    """Show a one-time PIN. The response to the POST shows it, because a redirect would have to store it."""
    booking = _booking_from_draft(request, pk)
    return _sent(request, booking, pin=issue_first_pin(booking, by=request.user))


def _require_can_take_phone_bookings(request: OfficerRequest) -> None:
    if not can_take_phone_bookings(request.user):
        raise PermissionDenied


def _draft(request: OfficerRequest, pk: UUID) -> Draft:
    """Return the inspector's own draft, until it expires. Another inspector's draft is a 404."""
    return get_object_or_404(Draft.objects.visible_to(request.user), pk=pk)


def _booking_from_draft(request: OfficerRequest, pk: UUID) -> Booking:
    bookings = _draft(request, pk).bookings_from_draft().select_related("bcu", "nominated_inspector__bcu", "contact")
    return get_object_or_404(bookings)


def _team_of(answers: Answers) -> BoroughCommandUnit:
    bcu = borough_of(answers).bcu
    assert bcu is not None  # noqa: S101  # the first page refuses places of another force
    return bcu


def _refuse_if_not_offered(page: FormSections) -> bool:
    """Refuse a requester for an area that is closed, or too young for its team. Return whether she was refused."""
    answers = page.answers()
    bcu = _team_of(answers)
    if bcu.awaits_contacts:
        page.refuse(not_open_yet_error(bcu))
        return True
    if answers["age"]["adult"] == "yes" or bcu.accepts_16_17:
        return False
    page.refuse(f"{bcu.name} walks with women of 18 or over. {under_18_not_offered_error()}")
    return True


def _show(request: OfficerRequest, template: str, page: FormSections, **context: Any) -> HttpResponse:
    summary = page.errors
    first = f"{reverse('phone_bookings:start')}?of={context['of']}"
    context |= {"page": page, "error_summary": summary, "first": first}
    return render(request, template, context, status=422 if summary else 200)


def _days(request: OfficerRequest, bcu: BoroughCommandUnit) -> dict[str, Any]:
    today = london.today()
    return {
        "is_another": bcu.pk != request.user.bcu_id,
        "first_day": bcu.first_date(today),
        "last_day": bcu.last_date(today),
        "first_day_interpreted": bcu.first_date(today, with_interpreter=True),
    }


def _confirmation_label(request: BookingRequest, how: StaffBookingMethod) -> str:
    """Return the sentence with which an inspector confirms that the requester asked, or "" if she can't.

    The inspector must have met the requester, or rung her on a number given for calls. Otherwise only the requester
    can confirm.
    """
    if how == StaffBookingMethod.MET:
        return "I have met her, and she asked me for this walk herself"
    if request.phone and PhoneRule.CALL in request.phone_rules:
        return f"I rang her on {request.phone}, and she asked me for this walk herself"
    return ""


def _method(answers: Answers) -> StaffBookingMethod:
    return StaffBookingMethod(answers["phone_booking"]["how"])


def _read_back(request: OfficerRequest, pk: UUID, answers: Answers) -> dict[str, Any]:
    new_request, bcu = booking_request(answers), _team_of(answers)
    rows = [{**row, "actions": {}} for row in get_summary_rows(answers, borough=borough_of(answers))]
    today, interpreted = london.today(), new_request.with_interpreter
    return {
        "rows": rows,
        "bcu": bcu,
        "restricted": new_request.restricted,
        "is_another": bcu.pk != request.user.bcu_id,
        "broken_rules": broken_rules(new_request.preferred_times, bcu=bcu, today=today, interpreted=interpreted),
        "statements": statements(),
        "back": reverse("phone_bookings:details", args=[pk]),
    }


def _sent(request: OfficerRequest, booking: Booking, *, pin: str = "") -> HttpResponse:
    may_issue = can_issue_first_pin(request.user, booking, took_booking=True, now=timezone.now())
    context = {
        "booking": booking,
        "pin": pin,
        "offer_pin": may_issue and not pin,
        "find": links.find_booking_url(booking),
        "is_hers": Booking.objects.visible_to(request.user).filter(pk=booking.pk).exists(),
    }
    return render(request, "bookings/phone_bookings/new_booking_sent.html", context)
