"""She answers what we offered her."""

from typing import Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from bookings.manage.offer_answer.forms import NONE, OfferAnswerForm
from bookings.manage.page_access import requester_page_required
from bookings.manage.views import show_page
from bookings.models.bookings import Booking
from bookings.models.offers import Offer
from bookings.scheduling.offers.actions import PLACE_UNAVAILABLE, accept_offer, decline_offers
from bookings.scheduling.shared_walks.places import accept_place
from bookings.sharing import describe_companions
from bookings.statuses import Status
from walkandtalk.lib.errors import ActionError, TransitionNotAllowed
from walkandtalk.lib.govuk.pages import render_form


@requester_page_required
@require_http_methods(["GET", "POST"])
def answer_offer(request: HttpRequest, booking: Booking, token: str) -> HttpResponse:
    """GET shows, so that a scanner which follows the link of the message answers nothing."""
    offers = list(booking.offers.open().select_related("walk"))
    if booking.status != Status.OFFERED or not offers:
        return _ended(request, booking, token)
    form = OfferAnswerForm(request.POST if request.method == "POST" else None, offers=offers)
    if form.is_valid():
        try:
            _answer(booking, offers, **form.cleaned_data)
        except ActionError as error:
            booking.refresh_from_db()
            return show_page(request, booking, token, refused=error)
        return redirect("manage:page", token)
    context = {"booking": booking, "token": token, **_shown(booking, offers)}
    return render_form(request, "bookings/manage/answer_offer.html", form, **context)


def _answer(booking: Booking, offers: list[Offer], *, choice: str, of: UUID) -> None:
    if choice == NONE:
        decline_offers(booking, offer=of)
    elif _place(offers) is not None:
        accept_place(booking, offer=UUID(choice))
    else:
        accept_offer(booking, offer=UUID(choice))


def _place(offers: list[Offer]) -> Offer | None:
    """A place on a walk is offered by itself."""
    return next((offer for offer in offers if offer.is_place_on_walk), None)


def _shown(booking: Booking, offers: list[Offer]) -> dict[str, Any]:
    place = _place(offers)
    companions = (
        describe_companions(place.walk, besides=booking) if place is not None and place.walk is not None else ""
    )
    return {"offers": offers, "place": place, "companions": companions}


def _ended(request: HttpRequest, booking: Booking, token: str) -> HttpResponse:
    if request.method != "POST":
        return redirect("manage:page", token)
    said = _("This offer has ended, or you have answered it. Read below how things stand now.")
    if booking.offers.last_place_withdrawn():
        said = str(PLACE_UNAVAILABLE)
    return show_page(request, booking, token, refused=TransitionNotAllowed(said))
