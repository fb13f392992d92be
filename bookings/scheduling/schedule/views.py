"""The pages for scheduling and changing a walk."""

from collections.abc import Collection, Iterable
from typing import Any, TypeVar
from uuid import UUID

from django.db import models
from django.http import HttpResponse
from django.shortcuts import render

from accounts.requests import OfficerRequest
from bookings.decisions.flow import Row
from bookings.decisions.pages import VersionedPage, WalkDecisionPage
from bookings.models.bookings import Booking
from bookings.models.offers import Offer, accepted_offer
from bookings.models.preferred_times import PreferredTime
from bookings.permissions import BookingAction
from bookings.read_log import open_walk
from bookings.scheduling.adjustment_fields import AdjustmentFields
from bookings.scheduling.schedule import actions
from bookings.scheduling.walk_form.forms import (
    ACCEPTED,
    OTHER,
    AddOfficerForm,
    ChangeForm,
    ChosenTimeForm,
    ScheduleForm,
    WalkForm,
)
from bookings.statuses import Status
from bookings.triage.folds import fold_counts
from bookings.triage.frame import FramedDecisionPage, booking_frame
from bookings.undo.preview_pages import PreviewedBookingPage, PreviewedWalkPage
from walkandtalk.lib import london
from walkandtalk.lib.errors import ActionError
from walkandtalk.lib.govuk.pages import error_summary, render_form
from walks.locks import OfficerNotAvailable
from walks.models.walks import Walk
from walks.planning.meeting_places import suggest_meeting_places
from walks.planning.suggestions import AvailableAt, Slot, Team

REFUSED = 409
OTHERS_SHOWN = 4

WalkFormT = TypeVar("WalkFormT", bound=WalkForm)


class WalkFormPage(VersionedPage[Row, WalkFormT]):
    """The form of a walk. Some of its buttons save nothing: they show free officers or suggest a meeting place."""

    def answer(self, row: Row, form: WalkFormT) -> HttpResponse:
        if form.is_preview:
            form.as_preview()
            return self.show(row, form)
        return super().answer(row, form)

    def refused(self, row: Row, form: WalkFormT, error: ActionError) -> HttpResponse:
        if isinstance(error, OfficerNotAvailable) or not self.is_closed(self.find_again(row, error)):
            return super().refused(row, form, error)
        form.add_error(None, str(error))
        return _conflict_page(self.request, form, back=self.back().url)

    def find_again(self, row: Row, error: ActionError) -> Row:
        """Keep the row if only an officer was taken: when many press at once, reading it again costs the most."""
        return row if isinstance(error, OfficerNotAvailable) else super().find_again(row, error)

    def field_of(self, error: ActionError) -> str | None:
        return "officers" if isinstance(error, OfficerNotAvailable) else None


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
        team = _load_team(form, slots.values(), bookings=[booking])
        form.free = {code: team.count_free_at(slot) for code, slot in slots.items()}
        choices = _other_choices(form, team) if status == REFUSED else None
        context = self.context(booking, form)
        return render_form(self.request, self.template_name, form, status=status, choices=choices, **context)

    def decide(self, booking: Booking, form: ScheduleForm) -> HttpResponse:
        walk = actions.schedule_booking(booking, form.decision(), by=self.request.user, version=form.shown_version)
        done = f"Walk scheduled for {_when(walk)}. We’re emailing the officers."
        return self.done(f"{done} {self.how_requester_is_told(booking)}")


class ChangeWalkPage(PreviewedWalkPage[ChangeForm], WalkFormPage[Walk, ChangeForm], WalkDecisionPage[ChangeForm]):
    template_name = "bookings/scheduling/change_walk.html"

    def get_form(self, walk: Walk) -> ChangeForm:
        bookings = list(walk.bookings.filter(status=Status.SCHEDULED, frozen_at=None).for_detail_page())
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


def _changed_details(request: OfficerRequest, walk: Walk, bookings: list[Booking]) -> dict[str, Any]:
    """Return the current walk, or the time and any new place in the change request that the inspector chose."""
    plan = ChangeForm.initial_of(walk, add=AddOfficerForm(request.GET).officer_id())
    if chosen := ChosenTimeForm(request.GET).chosen_of(bookings):
        booking, preferred_time = chosen
        plan |= {"date": preferred_time.date, "start": preferred_time.start}
        contact = booking.contact
        if contact.meeting_place and contact.meeting_place != contact.previous_meeting_place:
            plan["meeting_place"] = contact.meeting_place
    return plan


def _conflict_page(request: OfficerRequest, form: WalkForm, *, back: str) -> HttpResponse:
    """Show that a colleague or the requester has already decided, with the entered details to read but no button."""
    context = {
        "form": form,
        "error_summary": error_summary(form),
        "entered_details": form.entered_details(),
        "back": back,
    }
    return render(request, "bookings/scheduling/conflict.html", context, status=REFUSED)


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
    team = _load_team(form, preferred.values(), bookings=bookings, walk=walk)
    free = {preferred_time: team.count_free_at(slot) for preferred_time, slot in preferred.items()}
    context = {
        "women": [_booking_with_times(booking, free) for booking in bookings],
        "walk": walk,
        "choices": _other_choices(form, team) if status == REFUSED else None,
    }
    return render_form(request, template, form, status=status, bookings=bookings, **context)


def _load_team(form: WalkForm, others: Iterable[Slot], *, bookings: list[Booking], walk: Walk | None = None) -> Team:
    """Offer officers and meeting places in the form, and return the team, of whom `others` can be asked as well."""
    team = Team.load(form.bcu, slot=form.slot, others=others, except_walk=walk)
    wards = {booking.ward_id for booking in bookings if booking.ward_id}
    form.offer(
        team.suggest(form.slot, ward_ids=wards, wanted=[booking.contact.skills_wanted() for booking in bookings])
    )
    form.offer_meeting_places(bookings, walk)
    form.spots = suggest_meeting_places(bookings[0].borough, bookings[0].ward, form.slot) if bookings else []
    return team


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


def _other_choices(form: WalkForm, team: Team) -> dict[str, Any]:
    """Return other officers who are free at this time, and other times at which the chosen officers are free."""
    if form.slot is None:
        return {}
    chosen = set(form["officers"].value() or ())
    officers = [option.officer for option in form.suggestions if str(option.officer.pk) in chosen]
    free = [option.officer for option in form.suggestions if option.is_free and option.officer not in officers]
    return {"officers": free[:OTHERS_SHOWN], "times": team.other_free_times(officers, form.slot) if officers else []}


def _when(walk: Walk) -> str:
    return f"{london.long_date(walk.start_at)}, {london.clock(walk.start_at)}"
