"""She answers what we offered her."""

from typing import Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from bookings import actions
from bookings.company import others_on
from bookings.forms.offers import NONE, PickForm
from bookings.models import Booking, Offer
from bookings.statuses import Status
from bookings.views.gate import her_page
from bookings.views.returning import show_page
from walkandtalk.lib.govuk.pages import render_form


@her_page
@require_http_methods(["GET", "POST"])
def offer(request: HttpRequest, booking: Booking, token: str) -> HttpResponse:
    """GET shows, so that a scanner which follows the link of the message answers nothing."""
    offers = list(booking.offers.open().select_related("walk"))
    if booking.status != Status.OFFERED or not offers:
        return _ended(request, booking, token)
    form = PickForm(request.POST if request.method == "POST" else None, offers=offers)
    if form.is_valid():
        try:
            _answer(booking, offers, **form.cleaned_data)
        except actions.BookingError as error:
            booking.refresh_from_db()
            return show_page(request, booking, token, refused=error)
        return redirect("my_walk:page", token)
    context = {"booking": booking, "token": token, **_shown(booking, offers)}
    return render_form(request, "bookings/returning/offer.html", form, **context)


def _answer(booking: Booking, offers: list[Offer], *, pick: str, of: UUID) -> None:
    if pick == NONE:
        actions.refuse_offers(booking, offer=of)
    elif _place(offers) is not None:
        actions.accept_place(booking, offer=UUID(pick))
    else:
        actions.accept_offer(booking, offer=UUID(pick))


def _place(offers: list[Offer]) -> Offer | None:
    """A place on a walk is offered by itself."""
    return next((offer for offer in offers if offer.is_place), None)


def _shown(booking: Booking, offers: list[Offer]) -> dict[str, Any]:
    place = _place(offers)
    others = others_on(place.walk, besides=booking) if place is not None and place.walk is not None else ""
    return {"offers": offers, "place": place, "others": others}


def _ended(request: HttpRequest, booking: Booking, token: str) -> HttpResponse:
    if request.method != "POST":
        return redirect("my_walk:page", token)
    said = _("This offer has ended, or you have answered it. Read below how things stand now.")
    if booking.offers.newest_was_taken_back():
        said = str(actions.PLACE_IS_GONE)
    return show_page(request, booking, token, refused=actions.MoveNotAllowed(said))
