"""The pages for sharing a walk: asking the requesters on it, and offering a place."""

from typing import Any

from django.core.paginator import Page, Paginator
from django.db.models import F, Q
from django.http import HttpResponse
from django.utils import timezone

from bookings.decisions.pages import WalkDecisionPage
from bookings.models.bookings import Booking
from bookings.models.walk_queries import with_free_place
from bookings.permissions import BookingAction
from bookings.scheduling.adjustment_fields import AdjustmentFields
from bookings.scheduling.shared_walks import actions
from bookings.scheduling.shared_walks.forms import AskToShareWalkForm, OfferPlaceForm, PageNumberForm
from bookings.scheduling.shared_walks.places import offer_place_on_walk
from bookings.statuses import Status
from bookings.triage.frame import FramedDecisionPage
from bookings.undo.preview_pages import PreviewedBookingPage
from walks.models.walks import Walk, WalkQuerySet

WALKS_SHOWN = 20


class OfferPlacePage(PreviewedBookingPage[OfferPlaceForm], FramedDecisionPage[OfferPlaceForm]):
    """Offer the requester a place on a walk that others are already on."""

    template_name = "bookings/scheduling/offer_place.html"
    booking_action = BookingAction.OFFER_PLACE

    def initial(self, booking: Booking) -> dict[str, Any]:
        area = booking.ward.name if booking.ward else booking.borough.name
        arranged = AdjustmentFields.initial_of(booking.adjustments.all())
        return {**super().initial(booking), "place": area, **arranged}

    def get_form(self, booking: Booking) -> OfferPlaceForm:
        of_team = Walk.objects.visible_to(self.request.user).filter(bcu=booking.team)
        return OfferPlaceForm(
            self.posted(), booking=booking, walks=of_team, shown=self._ready(of_team), initial=self.initial(booking)
        )

    def context(self, booking: Booking, form: OfferPlaceForm) -> dict[str, Any]:
        unanswered = self._page(_with_free_place(form.walks).filter(Q(consents__lt=F("places_taken"))))
        number = self._number
        return {
            **super().context(booking, form),
            "ready": form.shown,
            "unanswered": unanswered,
            "earlier": number - 1,
            "later": number + 1 if form.shown.has_next() or unanswered.has_next() else None,
        }

    def decide(self, booking: Booking, form: OfferPlaceForm) -> HttpResponse:
        offer_place_on_walk(booking, form.decision(), by=self.request.user, version=form.shown_version)
        return self.done(f"Place offered. {self.how_requester_is_told(booking)}")

    def _ready(self, walks: WalkQuerySet) -> Page[Walk]:
        """Return a page of the walks on which every requester lets others join."""
        return self._page(_with_free_place(walks).filter(Q(consents=F("places_taken"))))

    def _page(self, walks: WalkQuerySet) -> Page[Walk]:
        return Paginator(walks, WALKS_SHOWN).get_page(self._number)

    @property
    def _number(self) -> int:
        return PageNumberForm(self.request.GET).number


def _with_free_place(walks: WalkQuerySet) -> WalkQuerySet:
    return with_free_place(walks, timezone.now()).with_bcu_and_officers()


class AskToShareWalkPage(WalkDecisionPage[AskToShareWalkForm]):
    form_class = AskToShareWalkForm
    template_name = "bookings/scheduling/ask_to_share_walk.html"

    def initial(self, walk: Walk) -> dict[str, Any]:
        return {**super().initial(walk), "most": max(walk.capacity, 2)}

    def context(self, walk: Walk, form: AskToShareWalkForm) -> dict[str, Any]:
        return {"walk": walk, "women": walk.bookings.filter(status=Status.SCHEDULED).count()}

    def decide(self, walk: Walk, form: AskToShareWalkForm) -> HttpResponse:
        actions.ask_to_share_walk(walk, by=self.request.user, version=form.shown_version, most=form.capacity)
        return self.done("Sent. We’ll tell you when everyone has agreed, or if anyone refuses.")
