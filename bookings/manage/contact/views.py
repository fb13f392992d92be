"""Pages where a requester corrects her address or reports an unsafe inbox. The sent page offers some for an hour."""

from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods, require_POST

from bookings import links
from bookings.decisions.flow import Form
from bookings.manage.actions import PinLocked, PinWrong, open_by_pin
from bookings.manage.banners import BANNERS
from bookings.manage.contact import actions
from bookings.manage.contact.forms import AddressForm, UnsafeInboxForm
from bookings.manage.decision_pages import RequesterFormPage
from bookings.manage.page_access import grant_access
from bookings.models.bookings import Booking
from bookings.models.drafts import Draft
from bookings.permissions import RequesterAction, may_correct_address
from bookings.request_form.views import sent_page
from walkandtalk.lib.errors import ActionError
from walkandtalk.lib.govuk.pages import render_form
from walkandtalk.lib.network import client_address


class PinCheckedPage(RequesterFormPage[Form]):
    """A page with the PIN among its questions. A wrong PIN is an error of its field, as a wrong address is."""

    def refused(self, booking: Booking, form: Form, error: ActionError) -> HttpResponse:
        if not isinstance(error, PinWrong | PinLocked):
            return super().refused(booking, form, error)
        form.add_error("pin", str(error))
        return self.show(booking, form)


class ChangeAddressPage(PinCheckedPage[AddressForm]):
    """Correct the email address on the requester's page.

    Her PIN shows that the new address is hers. Without it, the message to that address asks her to confirm, as the
    first one did.
    """

    template_name = "bookings/manage/change_address.html"
    requester_action = RequesterAction.CORRECT_ADDRESS

    def get_form(self, booking: Booking) -> AddressForm:
        asks_pin = bool(booking.contact.pin_hmac) and not booking.needs_pin
        return AddressForm(self.posted(), asks_pin=asks_pin)

    def decide(self, booking: Booking, form: AddressForm) -> HttpResponse:
        pin, email = form.entered_pin, form.address
        if pin:
            open_by_pin(booking, pin=pin, network=client_address(self.request))
        token = actions.change_email_address(booking, email=email, is_verified=bool(pin) or booking.needs_pin)
        if token:
            BANNERS[RequesterAction.CORRECT_ADDRESS].show(self.request)
            return redirect("manage:page", token)
        return render(self.request, "bookings/manage/address_corrected.html", {"email": email})

    def field_of(self, error: ActionError) -> str:
        return "email"


class UnsafeInboxPage(PinCheckedPage[UnsafeInboxForm]):
    """Report an unsafe inbox. The page shown afterwards is the last to tell the requester how to come back."""

    template_name = "bookings/manage/unsafe_inbox.html"

    def get_form(self, booking: Booking) -> UnsafeInboxForm:
        return UnsafeInboxForm(self.posted(), booking=booking)

    def decide(self, booking: Booking, form: UnsafeInboxForm) -> HttpResponse:
        if not form.chooses_pin:
            open_by_pin(booking, pin=form.entered_pin, network=client_address(self.request))
        token = actions.report_unsafe_inbox(booking, form.decision())
        grant_access(self.request, booking)
        is_neutral = self.request.discreet  # type: ignore[attr-defined]
        way_back = links.neutral_find_booking_url() if is_neutral else links.find_booking_url(booking)
        context = {"booking": booking, "token": token, "way_back": way_back}
        return render(self.request, "bookings/manage/unsafe_inbox_done.html", context)


@login_not_required
@require_http_methods(["GET", "POST"])
def change_address(request: HttpRequest) -> HttpResponse:
    """Correct the email address from the sent page, where the requester sees what she typed."""
    booking = _booking_from(Draft.objects.open(request.COOKIES.get(settings.ANSWERS_COOKIE_NAME, "")))
    if booking is None or not may_correct_address(booking):
        return redirect("request_form:sent")
    form = AddressForm(request.POST if request.method == "POST" else None)
    if form.is_valid():
        try:
            actions.change_email_address(booking, email=form.address, is_verified=False)
        except ActionError as error:
            form.add_error("email", str(error))
        else:
            return redirect("request_form:sent")
    return render_form(request, "bookings/manage/sent_address.html", form)


@login_not_required
@require_POST
def resend(request: HttpRequest) -> HttpResponse:
    draft = Draft.objects.open(request.COOKIES.get(settings.ANSWERS_COOKIE_NAME, ""))
    booking = _booking_from(draft)
    if draft is None or booking is None:
        return redirect("request_form:sent")
    try:
        actions.send_again(booking)
    except ActionError as error:
        return sent_page(request, booking, equality_answered=draft.equality_answered, refused=error)
    return redirect("request_form:sent")


def _booking_from(draft: Draft | None) -> Booking | None:
    """Return the booking that the requester made from this draft, which her cookie opens for an hour."""
    made = Booking.objects.select_related("bcu", "contact", "walk__bcu")
    return made.filter(draft_uuid=draft.pk).first() if draft is not None else None
