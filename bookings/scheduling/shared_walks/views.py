"""The pages for sharing a walk: asking the requesters on it, and offering a place."""

from typing import Any

from django.http import HttpResponse
from django.utils import timezone

from bookings.decisions.lookups import how_requester_is_told
from bookings.decisions.pages import BookingDecisionPage, WalkDecisionPage
from bookings.models.bookings import Booking
from bookings.models.walk_queries import with_free_place
from bookings.permissions import BookingAction
from bookings.scheduling.adjustment_fields import AdjustmentFields
from bookings.scheduling.shared_walks import actions
from bookings.scheduling.shared_walks.forms import AskToShareWalkForm, OfferPlaceForm
from bookings.scheduling.shared_walks.places import offer_place_on_walk
from bookings.statuses import Status
from walks.models.walks import Walk, WalkQuerySet

WALKS_SHOWN = 20


class OfferPlacePage(BookingDecisionPage[OfferPlaceForm]):
    """Offer the requester a place on a walk that others are already on."""

    template_name = "bookings/scheduling/offer_place.html"
    booking_action = BookingAction.OFFER_PLACE

    def initial(self, booking: Booking) -> dict[str, Any]:
        area = booking.ward.name if booking.ward else booking.borough.name
        arranged = AdjustmentFields.initial_of(booking.adjustments.all())
        return {**super().initial(booking), "place": area, **arranged}

    def get_form(self, booking: Booking) -> OfferPlaceForm:
        ready, self.unanswered = self._walks(booking)
        return OfferPlaceForm(self.posted(), booking=booking, walks=ready, initial=self.initial(booking))

    def context(self, booking: Booking, form: OfferPlaceForm) -> dict[str, Any]:
        return {"booking": booking, "ready": form.walks, "unanswered": self.unanswered}

    def decide(self, booking: Booking, form: OfferPlaceForm) -> HttpResponse:
        offer_place_on_walk(booking, form.decision(), by=self.request.user, version=form.shown_version)
        return self.done(f"A place is offered. {how_requester_is_told(booking)}")

    def _walks(self, booking: Booking) -> tuple[WalkQuerySet, list[Walk]]:
        """Return walks on which every requester lets others join, and walks with a missing answer or a refusal."""
        walks = with_free_place(Walk.objects.visible_to(self.request.user).filter(bcu=booking.team), timezone.now())
        walks = walks.select_related("bcu").prefetch_related("assignments__officer")
        shown = list(walks[:WALKS_SHOWN])
        ready = [walk.pk for walk in shown if walk.consents == walk.places_taken]
        return walks.filter(pk__in=ready), [walk for walk in shown if walk.pk not in ready]


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
