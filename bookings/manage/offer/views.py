"""She answers what we offered her."""

from typing import Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from bookings.manage.offer.forms import NONE, PickForm
from bookings.manage.page_access import her_page
from bookings.manage.views import show_page
from bookings.models.bookings import Booking
from bookings.models.offers import Offer
from bookings.scheduling.offers.actions import PLACE_IS_GONE, accept_offer, refuse_offers
from bookings.scheduling.shared_walks.places import accept_place
from bookings.sharing import others_on
from bookings.statuses import Status
from walkandtalk.lib.errors import BookingError, MoveNotAllowed
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
        except BookingError as error:
            booking.refresh_from_db()
            return show_page(request, booking, token, refused=error)
        return redirect("manage:page", token)
    context = {"booking": booking, "token": token, **_shown(booking, offers)}
    return render_form(request, "bookings/manage/offer.html", form, **context)


def _answer(booking: Booking, offers: list[Offer], *, pick: str, of: UUID) -> None:
    if pick == NONE:
        refuse_offers(booking, offer=of)
    elif _place(offers) is not None:
        accept_place(booking, offer=UUID(pick))
    else:
        accept_offer(booking, offer=UUID(pick))


def _place(offers: list[Offer]) -> Offer | None:
    """A place on a walk is offered by itself."""
    return next((offer for offer in offers if offer.is_place), None)


def _shown(booking: Booking, offers: list[Offer]) -> dict[str, Any]:
    place = _place(offers)
    others = others_on(place.walk, besides=booking) if place is not None and place.walk is not None else ""
    return {"offers": offers, "place": place, "others": others}


def _ended(request: HttpRequest, booking: Booking, token: str) -> HttpResponse:
    if request.method != "POST":
        return redirect("manage:page", token)
    said = _("This offer has ended, or you have answered it. Read below how things stand now.")
    if booking.offers.newest_was_taken_back():
        said = str(PLACE_IS_GONE)
    return show_page(request, booking, token, refused=MoveNotAllowed(said))
