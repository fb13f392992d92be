"""She answers what we offered her."""

from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from bookings import actions
from bookings.forms.offers import NONE, PickForm
from bookings.models import Booking
from bookings.statuses import Status
from bookings.views.gate import her_page
from bookings.views.returning import show_page
from walkandtalk.lib.govuk.pages import render_form


@her_page
@require_http_methods(["GET", "POST"])
def offer(request: HttpRequest, booking: Booking, token: str) -> HttpResponse:
    """GET shows, so that a scanner which follows the link of the message answers nothing."""
    offers = list(booking.offers.open())
    if booking.status != Status.OFFERED or not offers:
        return _ended(request, booking, token)
    form = PickForm(request.POST if request.method == "POST" else None, offers=offers)
    if form.is_valid():
        try:
            _answer(booking, **form.cleaned_data)
        except actions.BookingError as error:
            booking.refresh_from_db()
            return show_page(request, booking, token, refused=error)
        return redirect("my_walk:page", token)
    return render_form(request, "bookings/returning/offer.html", form, booking=booking, token=token, offers=offers)


def _answer(booking: Booking, *, pick: str, of: UUID) -> None:
    if pick == NONE:
        actions.refuse_offers(booking, offer=of)
    else:
        actions.accept_offer(booking, offer=UUID(pick))


def _ended(request: HttpRequest, booking: Booking, token: str) -> HttpResponse:
    if request.method != "POST":
        return redirect("my_walk:page", token)
    said = _("This offer has ended, or you have answered it. Read below how things stand now.")
    return show_page(request, booking, token, refused=actions.MoveNotAllowed(said))
