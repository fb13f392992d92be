"""Pages on which officers record what a requester said on the walk."""

from dataclasses import dataclass
from typing import Any

from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404, redirect
from django.utils import timezone

from bookings.decisions.flow import DecisionPage, Form
from bookings.decisions.pages import OnWalk
from bookings.models.bookings import Booking, bookings_on_walk_visible_to
from bookings.read_log import open_walk
from bookings.statuses import Status
from feedback.models.notes import WalkNote
from feedback.permissions import can_record_notes
from feedback.reports import actions
from feedback.reports.forms import MapStart, RecordConcernForm, WalkNoteForm
from feedback.statuses import Light
from walkandtalk.lib import london
from walks.models.walks import Walk


@dataclass(frozen=True, kw_only=True)
class FinishedWalk:
    """A walk, and by key the bookings of those who walked."""

    walk: Walk
    bookings: dict[str, Booking]

    def names(self) -> list[tuple[str, str]]:
        return [(pk, booking.contact.name) for pk, booking in self.bookings.items()]

    def map_start(self) -> MapStart:
        return MapStart.of_booking(next(iter(self.bookings.values())))


def light_of(walk: Walk) -> Light:
    """Return the light at the time of the walk: dusk if it is dark at one end of it and not at the other."""
    match london.is_dark(walk.start_at), london.is_dark(walk.end_at):
        case True, True:
            return Light.DARK
        case False, False:
            return Light.DAYLIGHT
    return Light.DUSK


class NotesPage(OnWalk[FinishedWalk], DecisionPage[FinishedWalk, Form]):
    """A page on which an officer writes down what a requester said."""

    def find(self) -> FinishedWalk:
        user, now = self.request.user, timezone.now()
        walk = get_object_or_404(Walk.objects.visible_to(user).with_bcu_and_officers(), pk=self.pk)
        if not can_record_notes(user, walk, walk.live_officers(), now=now):
            raise PermissionDenied
        shown = bookings_on_walk_visible_to(user, walk, now).exclude(status=Status.REQUESTER_ABSENT)
        bookings = {str(booking.pk): booking for booking in shown}
        if not bookings:
            raise Http404
        return FinishedWalk(walk=walk, bookings=bookings)

    def opens(self, finished: FinishedWalk, form: Form) -> None:
        open_walk(finished.walk, finished.bookings.values(), by=self.request.user)

    def context(self, finished: FinishedWalk, form: Form) -> dict[str, Any]:
        return {"walk": finished.walk}


class WalkNotePage(NotesPage[WalkNoteForm]):
    """The notes of a walk so far, and two minutes for one more."""

    template_name = "feedback/reports/walk_note.html"

    def back(self) -> HttpResponseRedirect:
        return redirect("feedback:walk_note", self.pk)

    def get_form(self, finished: FinishedWalk) -> WalkNoteForm:
        initial = {"light": light_of(finished.walk)}
        return WalkNoteForm(self.posted(), women=finished.names(), map_start=finished.map_start(), initial=initial)

    def context(self, finished: FinishedWalk, form: WalkNoteForm) -> dict[str, Any]:
        notes = WalkNote.objects.visible_to(self.request.user).for_walk(finished.walk)
        return {"walk": finished.walk, "notes": notes}

    def decide(self, finished: FinishedWalk, form: WalkNoteForm) -> HttpResponse:
        entry = form.entry()
        actions.add_walk_note(finished.walk, finished.bookings[form.chosen_booking], entry, by=self.request.user)
        if entry.about_a_place is not None:
            return self.done("Saved. She can read on her page what she said about the place.")
        return self.done("Saved. She can read on her page what you agreed." if entry.agreed else "Saved.")


class RecordConcernPage(NotesPage[RecordConcernForm]):
    template_name = "feedback/reports/record_concern.html"

    def get_form(self, finished: FinishedWalk) -> RecordConcernForm:
        return RecordConcernForm(self.posted(), women=finished.names(), map_start=finished.map_start())

    def decide(self, finished: FinishedWalk, form: RecordConcernForm) -> HttpResponse:
        booking, submission = finished.bookings[form.chosen_booking], form.submission_key
        told = form.report_submission()
        actions.record_concern(finished.walk, booking, told, submission=submission, by=self.request.user)
        return self.done("Saved. She can read it on her page.")
