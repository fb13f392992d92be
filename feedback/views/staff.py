"""Inspectors read and check what women told us; officers write down what she said on the walk."""

import uuid

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_safe

from bookings.models import Walk, women_of
from bookings.statuses import Status
from boroughs import taxonomy
from boroughs.models import Officer
from boroughs.requests import OfficerRequest
from feedback import actions
from feedback.forms import ListForm, NoteForm, ScreenForm
from feedback.models import PAGE_LENGTH, Concern
from feedback.permissions import can_note, can_read_concerns, can_screen
from feedback.statuses import TO_CHECK, State
from walkandtalk.lib import london
from walkandtalk.lib.govuk.pages import render_form, summary_row


@require_safe
def concerns(request: OfficerRequest) -> HttpResponse:
    if not can_read_concerns(request.user):
        raise PermissionDenied
    visible = Concern.objects.visible_to(request.user)
    choice = ListForm(request.GET, visible=visible)
    rows = visible.shown_as(choice.shown).for_list_page(after=choice.last_seen)
    page = rows[:PAGE_LENGTH]
    context = {
        "concerns": page,
        "tabs": choice.TABS,
        "shown": choice.shown,
        "is_first_page": choice.last_seen is None,
        "last": page[-1] if len(rows) > PAGE_LENGTH else None,
    }
    return render(request, "feedback/staff/concerns.html", context)


@require_http_methods(["GET", "POST"])
def concern(request: OfficerRequest, uuid: uuid.UUID) -> HttpResponse:
    concern = get_object_or_404(Concern.objects.visible_to(request.user).for_detail_page(), pk=uuid)
    may_screen = can_screen(request.user, concern, concern.officers_of_the_walk())
    offer_screening = may_screen and concern.state in TO_CHECK
    if request.method == "POST" and not may_screen:
        raise PermissionDenied
    form = ScreenForm(
        request.POST if request.method == "POST" else None,
        bcu=concern.team,
        today=london.today(),
        is_new=concern.state == State.REPORTED,
        initial={"owner": request.user.pk},
    )
    if form.is_valid():
        try:
            _screen(concern, form, by=request.user)
        except actions.ConcernError as error:
            form.add_error("outcome", str(error))
            return _concern_page(request, concern, form, offer_screening=offer_screening, status=409)
        messages.success(request, "Saved.")
        return redirect("feedback:concerns")
    return _concern_page(request, concern, form, offer_screening=offer_screening)


def _concern_page(
    request: OfficerRequest, concern: Concern, form: ScreenForm, *, offer_screening: bool, status: int | None = None
) -> HttpResponse:
    context = {
        "concern": concern,
        "rows": _summary(concern),
        "offer_screening": offer_screening,
        "to_check": concern.state in TO_CHECK,
    }
    return render_form(request, "feedback/staff/concern.html", form, status=status, **context)


def _summary(concern: Concern) -> list[dict[str, object]]:
    """What she said, without who she is. What she left out is left out here."""
    noted_by = concern.report.by_officer
    lines = {
        "State": concern.get_state_display(),
        "Place": concern.place,
        "In her words": concern.text.split("\n"),
        "Light": concern.get_light_display(),
        "When": concern.get_band_display(),
        "How often": concern.get_how_often_display(),
        "Felt before the walk": concern.report.get_before_display() or "",
        "Felt after the walk": concern.report.get_after_display() or "",
        "May be passed on": "Yes, without her name" if concern.consent else "No, or she did not say",
        "Told": f"{london.long_date(concern.told_at)}, {f'noted by {noted_by.called}' if noted_by else 'by her'}",
        "Usually for": taxonomy.usual_owner(concern.kind),
        "Looked after by": concern.owner.called if concern.owner else "",
        "Look at it again by": london.long_date(concern.review_date) if concern.review_date else "",
    }
    return [summary_row(label, value) for label, value in lines.items() if value not in ("", [""])]


def _screen(concern: Concern, form: ScreenForm, *, by: Officer) -> None:
    data = form.cleaned_data
    match data["outcome"]:
        case "accept":
            actions.accept_concern(concern, by=by, owner=data["owner"], review_date=data["review_date"])
        case "no_action":
            actions.close_without_action(concern, by=by, reason=data["reason"])
        case "divert":
            actions.divert_concern(concern, by=by, outside_reference=data["outside_reference"])
        case _:
            actions.start_screening(concern, by=by)


@require_http_methods(["GET", "POST"])
def note(request: OfficerRequest, uuid: uuid.UUID) -> HttpResponse:
    walk = get_object_or_404(Walk.objects.visible_to(request.user).select_related("bcu"), pk=uuid)
    if not can_note(request.user, walk, walk.live_officers(), now=timezone.now()):
        raise PermissionDenied
    women = {str(booking.pk): booking for booking in women_of(walk).exclude(status=Status.MISSED_BY_HER)}
    if not women:
        raise Http404
    names = [(pk, booking.contact.name) for pk, booking in women.items()]
    form = NoteForm(request.POST if request.method == "POST" else None, women=names)
    if form.is_valid():
        booking = women[form.cleaned_data["booking"]]
        submission = form.cleaned_data["submission"]
        actions.note_concern(walk, booking, form.told(), submission=submission, by=request.user)
        messages.success(request, "Saved. She can read it on her page.")
        return redirect("staff:walk", walk.pk)
    return render_form(request, "feedback/staff/note.html", form, walk=walk)
