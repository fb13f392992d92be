"""The page for changing a walk."""

from collections.abc import Collection
from typing import Any
from uuid import UUID

from django.http import HttpResponse

from accounts.requests import OfficerRequest
from bookings.decisions.pages import WalkDecisionPage
from bookings.models.bookings import Booking
from bookings.models.preferred_times import PreferredTime
from bookings.read_log import open_walk
from bookings.scheduling.changes import actions
from bookings.scheduling.changes.forms import AddOfficerForm, ChangeForm, ChosenRequestForm
from bookings.scheduling.walk_form.forms import WalkForm
from bookings.scheduling.walk_form.pages import REFUSED, WalkFormPage, find_other_choices, load_team
from bookings.statuses import Status
from bookings.undo.preview_pages import PreviewedWalkPage
from walkandtalk.lib import london
from walkandtalk.lib.govuk.pages import render_form
from walks.models.walks import Walk
from walks.planning.suggestions import AvailableAt, Slot


class ChangeWalkPage(PreviewedWalkPage[ChangeForm], WalkFormPage[Walk, ChangeForm], WalkDecisionPage[ChangeForm]):
    template_name = "bookings/scheduling/change_walk.html"

    def get_form(self, walk: Walk) -> ChangeForm:
        bookings = list(walk.bookings.filter(status=Status.SCHEDULED, frozen_at=None).for_decision())
        initial = _changed_details(self.request, walk, bookings)
        return ChangeForm(self.posted(), walk=walk, bookings=bookings, initial=initial)

    def show(self, walk: Walk, form: ChangeForm, *, status: int | None = None) -> HttpResponse:
        open_walk(walk, form.bookings, by=self.request.user)
        return _change_page(self.request, self.template_name, form, walk=walk, status=status)

    def opened_by(self, walk: Walk, form: ChangeForm) -> Collection[UUID]:
        return {booking.pk for booking in form.bookings}

    def decide(self, walk: Walk, form: ChangeForm) -> HttpResponse:
        actions.change_walk(walk, form.decision(), by=self.request.user, version=form.shown_version)
        return self.done("Walk changed. We’re emailing everyone on it.")


def _changed_details(request: OfficerRequest, walk: Walk, bookings: list[Booking]) -> dict[str, Any]:
    """Return the current walk, or the time and any new place in the change request that the inspector chose."""
    plan = ChangeForm.initial_of(walk, add=AddOfficerForm(request.GET).officer_id())
    if chosen := ChosenRequestForm(request.GET).chosen(bookings):
        booking, preferred_time = chosen
        plan |= {"date": preferred_time.date, "start": preferred_time.start}
        contact = booking.contact
        if contact.meeting_place and contact.meeting_place != contact.previous_meeting_place:
            plan["meeting_place"] = contact.meeting_place
    return plan


def _change_page(
    request: OfficerRequest, template: str, form: ChangeForm, *, walk: Walk, status: int | None
) -> HttpResponse:
    """Show the form with the officers free at each time of a change request and, if it was refused, other choices."""
    bookings = form.bookings
    preferred = {
        preferred_time: slot
        for booking in bookings
        for preferred_time in booking.current_preferred_times()
        if (slot := _slot_of(preferred_time, form))
    }
    team = load_team(form, preferred.values(), bookings=bookings, walk=walk)
    free = {preferred_time: team.count_free_at(slot) for preferred_time, slot in preferred.items()}
    context = {
        "women": [_booking_with_times(booking, free) for booking in bookings],
        "walk": walk,
        "choices": find_other_choices(form, team) if status == REFUSED else None,
    }
    return render_form(request, template, form, status=status, bookings=bookings, **context)


def _slot_of(preferred_time: PreferredTime, form: WalkForm) -> Slot | None:
    try:
        start_at = london.to_instant(preferred_time.date, preferred_time.start)
    except london.AmbiguousOrMissingTime:
        return None
    return Slot(start_at=start_at, minutes=form.bcu.walk_minutes)


def _booking_with_times(booking: Booking, free: dict[PreferredTime, AvailableAt]) -> dict[str, Any]:
    preferred_times = [
        {"preferred_time": preferred_time, "free": free.get(preferred_time)}
        for preferred_time in booking.current_preferred_times()
    ]
    return {"booking": booking, "preferred_times": preferred_times}
