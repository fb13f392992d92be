"""The pages for offering a date of a recurring walk: to one requester, or to several."""

from typing import Any

from django.http import HttpResponse, QueryDict
from django.utils import timezone

from bookings.decisions.lookups import how_requester_is_told
from bookings.models.bookings import Booking
from bookings.permissions import BookingAction
from bookings.scheduling.adjustment_fields import AdjustmentFields
from bookings.scheduling.recurring_walks import actions
from bookings.scheduling.recurring_walks.dates import dates_for_many, suitable_dates
from bookings.scheduling.recurring_walks.forms import OfferRecurringWalkForm, OfferRecurringWalkToManyForm
from bookings.triage.frame import FramedDecisionPage
from bookings.triage.many.pages import ManyPage, TickedRow, TickedRows
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


class OfferRecurringWalkToManyPage(ManyPage[OfferRecurringWalkToManyForm]):
    """Offer each ticked requester a place on the same date."""

    form_class = OfferRecurringWalkToManyForm
    title = "Offer a recurring walk"
    template_name = "bookings/scheduling/offer_recurring_walk_to_many.html"

    def get_form(self, posted: QueryDict | None, rows: TickedRows) -> OfferRecurringWalkToManyForm:
        user = self.request.user
        recurring_walks = RecurringWalk.objects.visible_to(user).filter(bcu=user.bcu_id).for_list_page()
        bookings = [row.booking for row in rows.rows if row.is_open]
        dates = dates_for_many(bookings, recurring_walks, timezone.now())
        return OfferRecurringWalkToManyForm(posted, dates=dates, initial=self.initial(rows))

    def act(self, row: TickedRow, form: OfferRecurringWalkToManyForm) -> str:
        actions.offer_recurring_walk(row.booking, form.decision(), by=self.request.user, version=row.tick.version)
        return f"A place is offered. {how_requester_is_told(row.booking, here=False)}"

    def done_heading(self, done: str) -> str:
        return f"A place offered for {done}"
