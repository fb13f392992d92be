"""The pages for sharing a walk: asking the requesters on it, and offering a place."""

from typing import Any

from django.core.paginator import Paginator
from django.db.models import Case, F, When
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
from walks.models.walks import Walk

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
        free = with_free_place(of_team, timezone.now()).with_bcu_and_officers()
        ready_first = free.order_by(Case(When(consents=F("places_taken"), then=0), default=1), "start_at", "pk")
        page = Paginator(ready_first, WALKS_SHOWN).get_page(PageNumberForm(self.request.GET).number)
        return OfferPlaceForm(self.posted(), booking=booking, walks=of_team, page=page, initial=self.initial(booking))

    def context(self, booking: Booking, form: OfferPlaceForm) -> dict[str, Any]:
        page = form.page
        return {
            **super().context(booking, form),
            "ready": form.ready,
            "unanswered": [walk for walk in page if walk not in form.ready],
            "earlier": page.previous_page_number() if page.has_previous() else None,
            "later": page.next_page_number() if page.has_next() else None,
        }

    def decide(self, booking: Booking, form: OfferPlaceForm) -> HttpResponse:
        offer_place_on_walk(booking, form.decision(), by=self.request.user, version=form.shown_version)
        return self.done(f"Place offered. {self.how_requester_is_told(booking)}")


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
