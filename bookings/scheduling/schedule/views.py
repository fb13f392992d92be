"""The page for scheduling a walk."""

from typing import Any

from django.db import models
from django.http import HttpResponse
from django.shortcuts import render

from accounts.requests import OfficerRequest
from bookings.models.bookings import Booking
from bookings.models.offers import Offer, accepted_offer
from bookings.permissions import BookingAction
from bookings.scheduling.adjustment_fields import AdjustmentFields
from bookings.scheduling.schedule import actions
from bookings.scheduling.schedule.forms import ACCEPTED, OTHER, ChosenTimeForm, ScheduleForm
from bookings.scheduling.walk_form.pages import REFUSED, WalkFormPage, find_other_choices, load_team
from bookings.triage.folds import fold_counts
from bookings.triage.frame import FramedDecisionPage, booking_frame
from bookings.undo.preview_pages import PreviewedBookingPage
from walkandtalk.lib import london
from walkandtalk.lib.govuk.pages import render_form
from walks.models.walks import Walk


class SchedulePage(
    PreviewedBookingPage[ScheduleForm], WalkFormPage[Booking, ScheduleForm], FramedDecisionPage[ScheduleForm]
):
    template_name = "bookings/scheduling/schedule.html"
    booking_action = BookingAction.SCHEDULE

    def is_closed(self, booking: Booking) -> bool:
        return not booking.awaits_decision

    def turn_away(self, booking: Booking) -> HttpResponse | None:
        unconfirmed = booking.confirmed_at is None
        return super().turn_away(booking) or (self._unconfirmed_page(booking) if unconfirmed else None)

    def _unconfirmed_page(self, booking: Booking) -> HttpResponse:
        status = REFUSED if self.request.method == "POST" else 200
        context = {**booking_frame(self.request, booking), "folds": fold_counts(booking)}
        return render(self.request, "bookings/scheduling/unconfirmed.html", context, status=status)

    def get_form(self, booking: Booking) -> ScheduleForm:
        models.prefetch_related_objects([booking], "offers")
        accepted = accepted_offer(booking)
        initial = _initial_details(self.request, booking, accepted) if self.request.method == "GET" else None
        return ScheduleForm(self.posted(), booking=booking, accepted=accepted, initial=initial)

    def show(self, booking: Booking, form: ScheduleForm, *, status: int | None = None) -> HttpResponse:
        slots = {time.code: slot for time in form.times if (slot := time.slot(form.bcu.walk_minutes))}
        team = load_team(form, slots.values(), bookings=[booking])
        form.free = {code: team.count_free_at(slot) for code, slot in slots.items()}
        choices = find_other_choices(form, team) if status == REFUSED else None
        context = self.context(booking, form)
        return render_form(self.request, self.template_name, form, status=status, choices=choices, **context)

    def decide(self, booking: Booking, form: ScheduleForm) -> HttpResponse:
        walk = actions.schedule_booking(booking, form.decision(), by=self.request.user, version=form.shown_version)
        done = f"Walk scheduled for {_when(walk)}. We’re emailing the officers."
        return self.done(f"{done} {self.how_requester_is_told(booking)}")


def _initial_details(request: OfficerRequest, booking: Booking, accepted: Offer | None) -> dict[str, Any]:
    """Return suggestions: the requester's chosen or accepted time and place, and the BCU's usual length and number."""
    preferred_time = ChosenTimeForm(request.GET).chosen(booking.current_preferred_times())
    if accepted is not None and "preferred_time" not in request.GET:
        start = london.local(accepted.start_at)
        time = {"time": ACCEPTED, "date": start.date(), "start": start.time(), "meeting_place": accepted.place}
    else:
        time = {
            "time": str(preferred_time.rank) if preferred_time else OTHER,
            "date": preferred_time.date if preferred_time else None,
            "start": preferred_time.start if preferred_time else None,
        }
    return {
        "meeting_place": booking.contact.meeting_place,
        **time,
        "minutes": booking.team.walk_minutes,
        "map_coordinates": booking.contact.map_coordinates,
        "finish_place": "Back at the start",
        "duty_number": booking.team.duty_number,
        "version": booking.version,
        **AdjustmentFields.initial_of(booking.adjustments.all()),
    }


def _when(walk: Walk) -> str:
    return f"{london.long_date(walk.start_at)}, {london.clock(walk.start_at)}"
