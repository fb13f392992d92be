"""Officers write down what a requester said on the walk."""

from uuid import UUID

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from accounts.requests import OfficerRequest
from bookings.models.bookings import Booking, bookings_on_walk_visible_to
from bookings.read_log import record_walk_read
from bookings.statuses import Status
from feedback.models.notes import WalkNote
from feedback.permissions import can_record_notes
from feedback.reports import actions
from feedback.reports.forms import RecordConcernForm, WalkNoteForm
from walkandtalk.lib.govuk.pages import render_form
from walks.models.walks import Walk

Women = dict[str, Booking]


def _get_walk_for_notes(request: OfficerRequest, pk: UUID) -> tuple[Walk, Women]:
    """The walk, and who walked."""
    walk = get_object_or_404(Walk.objects.visible_to(request.user).select_related("bcu"), pk=pk)
    now = timezone.now()
    if not can_record_notes(request.user, walk, walk.live_officers(), now=now):
        raise PermissionDenied
    shown = bookings_on_walk_visible_to(request.user, walk, now).exclude(status=Status.REQUESTER_ABSENT)
    women = {str(booking.pk): booking for booking in shown}
    if not women:
        raise Http404
    if request.method == "GET":
        record_walk_read(women.values(), walk, by=request.user)
    return walk, women


def _names(women: Women) -> list[tuple[str, str]]:
    return [(pk, booking.contact.name) for pk, booking in women.items()]


@require_http_methods(["GET", "POST"])
def walk_note(request: OfficerRequest, pk: UUID) -> HttpResponse:
    """The notes of a walk so far, and two minutes for one more."""
    walk, women = _get_walk_for_notes(request, pk)
    form = WalkNoteForm(request.POST if request.method == "POST" else None, women=_names(women))
    if form.is_valid():
        entry = form.entry()
        actions.add_walk_note(walk, women[form.chosen_booking], entry, by=request.user)
        messages.success(request, "Saved. She can read on her page what you agreed." if entry.agreed else "Saved.")
        return redirect("feedback:walk_note", walk.pk)
    notes = WalkNote.objects.visible_to(request.user).for_walk(walk)
    return render_form(request, "feedback/reports/walk_note.html", form, walk=walk, notes=notes)


@require_http_methods(["GET", "POST"])
def record_concern(request: OfficerRequest, pk: UUID) -> HttpResponse:
    walk, women = _get_walk_for_notes(request, pk)
    form = RecordConcernForm(request.POST if request.method == "POST" else None, women=_names(women))
    if form.is_valid():
        booking = women[form.cleaned_data["booking"]]
        submission = form.cleaned_data["submission"]
        actions.record_concern(walk, booking, form.report_submission(), submission=submission, by=request.user)
        messages.success(request, "Saved. She can read it on her page.")
        return redirect("on_the_day:walk", walk.pk)
    return render_form(request, "feedback/reports/record_concern.html", form, walk=walk)
