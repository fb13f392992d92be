"""She says on her page whether others may come along."""

from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_http_methods

from bookings.manage.page_access import requester_page_required
from bookings.manage.sharing.forms import SharingConsentForm
from bookings.manage.views import show_page
from bookings.models.bookings import Booking
from bookings.scheduling.guests.actions import answer_guest
from bookings.scheduling.shared_walks.actions import answer_sharing_consent
from walkandtalk.lib.errors import ActionError


@requester_page_required
@require_http_methods(["GET", "POST"])
def sharing_consent(request: HttpRequest, booking: Booking, token: str) -> HttpResponse:
    """GET shows her page, where the two buttons are. An answer that makes no sense says nothing."""
    form = SharingConsentForm(request.POST if request.method == "POST" else None)
    if form.is_valid():
        try:
            _answer(booking, **form.cleaned_data)
        except ActionError as error:
            booking.refresh_from_db()
            return show_page(request, booking, token, refused=error)
    return redirect("manage:page", token)


def _answer(booking: Booking, *, may_join: bool, guest: UUID | None) -> None:
    if guest is None:
        answer_sharing_consent(booking, may_join=may_join)
    else:
        answer_guest(booking, guest=guest, may_come=may_join)
