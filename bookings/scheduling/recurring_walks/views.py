"""The page for offering a date of a recurring walk."""

from typing import Any

from django.http import HttpResponse
from django.utils import timezone

from bookings.models.bookings import Booking
from bookings.permissions import BookingAction
from bookings.scheduling.adjustment_fields import AdjustmentFields
from bookings.scheduling.recurring_walks import actions
from bookings.scheduling.recurring_walks.dates import suitable_dates
from bookings.scheduling.recurring_walks.forms import OfferRecurringWalkForm
from bookings.triage.frame import FramedDecisionPage
from bookings.undo.preview_pages import PreviewedBookingPage
from walks.models.recurring_walks import RecurringWalk


class OfferRecurringWalkPage(PreviewedBookingPage[OfferRecurringWalkForm], FramedDecisionPage[OfferRecurringWalkForm]):
    """Offer a date in two taps from the booking page, with the requester's best match already chosen."""

    template_name = "bookings/scheduling/offer_recurring_walk.html"
    booking_action = BookingAction.OFFER_PLACE

    def get_form(self, booking: Booking) -> OfferRecurringWalkForm:
        rows = RecurringWalk.objects.visible_to(self.request.user).filter(bcu=booking.team).for_list_page()
        dates = suitable_dates(booking, rows, timezone.now())
        initial = {**self.initial(booking), "choice": dates[0].code if dates else None}
        initial |= AdjustmentFields.initial_of(booking.adjustments.all())
        return OfferRecurringWalkForm(self.posted(), booking=booking, dates=dates, initial=initial)

    def context(self, booking: Booking, form: OfferRecurringWalkForm) -> dict[str, Any]:
        return {**super().context(booking, form), "dates": list(form.dates.values())}

    def decide(self, booking: Booking, form: OfferRecurringWalkForm) -> HttpResponse:
        actions.offer_recurring_walk(booking, form.decision(), by=self.request.user, version=form.shown_version)
        return self.done(f"Place offered. {self.how_requester_is_told(booking)}")
