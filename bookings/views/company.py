"""She says on her page whether others may come along."""

from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_http_methods

from bookings import actions
from bookings.forms.company import MayJoinForm
from bookings.models import Booking
from bookings.views.gate import her_page
from bookings.views.returning import show_page


@her_page
@require_http_methods(["GET", "POST"])
def company(request: HttpRequest, booking: Booking, token: str) -> HttpResponse:
    """GET shows her page, where the two buttons are. An answer that makes no sense says nothing."""
    form = MayJoinForm(request.POST if request.method == "POST" else None)
    if form.is_valid():
        try:
            _answer(booking, **form.cleaned_data)
        except actions.BookingError as error:
            booking.refresh_from_db()
            return show_page(request, booking, token, refused=error)
    return redirect("my_walk:page", token)


def _answer(booking: Booking, *, may_join: bool, guest: UUID | None) -> None:
    if guest is None:
        actions.answer_company(booking, may_join=may_join)
    else:
        actions.answer_guest(booking, guest=guest, may_come=may_join)
