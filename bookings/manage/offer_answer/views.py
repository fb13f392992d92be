"""The page where a requester answers an offer."""

from typing import Any

from django.http import HttpResponse
from django.utils.functional import cached_property
from django.utils.translation import gettext as _

from bookings.manage.banners import OFFER_ACCEPTED, OFFERS_DECLINED
from bookings.manage.offer_answer.forms import OfferAnswerForm
from bookings.manage.page import RequesterAnswerPage
from bookings.models.bookings import Booking
from bookings.models.offers import Offer
from bookings.scheduling.offers.actions import PLACE_UNAVAILABLE, accept_offer, decline_offers
from bookings.scheduling.shared_walks.places import accept_place
from bookings.sharing import describe_companions
from bookings.statuses import Status
from walkandtalk.lib.errors import TransitionNotAllowed


class AnswerOfferPage(RequesterAnswerPage[OfferAnswerForm]):
    """A GET changes nothing, so a mail scanner that follows the link in the message answers nothing."""

    template_name = "bookings/manage/answer_offer.html"

    @cached_property
    def offers(self) -> list[Offer]:
        """The open offers, read once: the requester may answer them in another tab meanwhile."""
        return list(self.booking.offers.open().select_related("walk"))

    def turn_away(self, booking: Booking) -> HttpResponse | None:
        if booking.status == Status.OFFERED and self.offers:
            return None
        if self.request.method == "GET":
            return self.back()
        said = _("This offer has ended, or you’ve already answered it. See the latest news below.")
        if booking.offers.last_place_withdrawn():
            said = str(PLACE_UNAVAILABLE)
        return self.show_refusal(TransitionNotAllowed(said))

    def get_form(self, booking: Booking) -> OfferAnswerForm:
        return OfferAnswerForm(self.posted(), offers=self.offers)

    def context(self, booking: Booking, form: OfferAnswerForm) -> dict[str, Any]:
        place = _place(form.offers)
        companions = (
            describe_companions(place.walk, besides=booking) if place is not None and place.walk is not None else ""
        )
        shown = {"offers": form.offers, "place": place, "companions": companions}
        return {**super().context(booking, form), **shown}

    def decide(self, booking: Booking, form: OfferAnswerForm) -> HttpResponse:
        if form.is_none:
            decline_offers(booking, offer=form.offer)
            return self.done(OFFERS_DECLINED)
        if _place(form.offers) is not None:
            accept_place(booking, offer=form.offer)
        else:
            accept_offer(booking, offer=form.offer)
        return self.done(OFFER_ACCEPTED)


def _place(offers: list[Offer]) -> Offer | None:
    """Return the offer if it is a place on a walk. A place is always the only offer of its round."""
    return next((offer for offer in offers if offer.is_place_on_walk), None)
