"""The button that undoes a decision, and its messages while they are held."""

from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_POST, require_safe

from accounts.requests import OfficerRequest
from bookings.decisions.flow import DecisionButton
from bookings.decisions.pages import StaffDecision
from bookings.decisions.undo_banner import offered_decisions, stop_offering_undo
from bookings.models.bookings import Booking
from bookings.models.undoable_decisions import UndoableDecision
from bookings.read_log import open_booking
from bookings.undo.actions import undo_decision
from bookings.undo.previews import read_messages
from boroughs.models.officers import Officer
from walkandtalk.lib.errors import ActionError
from walks.models.walks import Walk


class UndoButton(StaffDecision[UndoableDecision], DecisionButton[UndoableDecision]):
    def find(self) -> UndoableDecision:
        return get_decision_of(self.request.user, self.pk)

    def press(self, decision: UndoableDecision) -> HttpResponse:
        undo_decision(decision, by=self.request.user)
        stop_offering_undo(self.request)
        messages.success(self.request, "Undone. No message was sent, and everything is as it was before.")
        return self.back()

    def refused(self, error: ActionError) -> HttpResponse:
        stop_offering_undo(self.request)
        messages.error(self.request, str(error))
        return self.back()

    def back(self) -> HttpResponseRedirect:
        return redirect(_page_of(self.find(), self.request.user))


@require_POST
def undo_all(request: OfficerRequest) -> HttpResponse:
    """Undo every decision of an act on many, the last one first. Each is undone or refused by itself."""
    offered = offered_decisions(request)
    decisions = UndoableDecision.objects.visible_to(request.user).filter(pk__in=offered).order_by("-made_at")
    undone, refusals = 0, []
    for decision in decisions:
        try:
            undo_decision(decision, by=request.user)
            undone += 1
        except ActionError as error:
            refusals.append(str(error))
    stop_offering_undo(request)
    if undone:
        messages.success(request, f"{undone} of {len(offered)} undone. No message was sent about them.")
    for refusal in dict.fromkeys(refusals):
        messages.error(request, f"{refusals.count(refusal)} not undone. {refusal}")
    if not offered:
        messages.error(request, "There’s nothing left to undo.")
    return redirect("staff-home")


@require_safe
def held_messages(request: OfficerRequest, pk: UUID) -> HttpResponse:
    """Show what each requester will read, which opens her booking."""
    decision = get_decision_of(request.user, pk)
    preview = read_messages(decision.messages)
    told = {message.booking.pk for message in preview.messages}
    if Booking.objects.visible_to(request.user).filter(pk__in=told).count() < len(told):
        raise Http404  # someone has moved or restricted one since
    for message in preview.messages:
        open_booking(message.booking, by=request.user)
    context = {"preview": preview, "back": _page_of(decision, request.user)}
    return render(request, "bookings/decisions/held_messages.html", context)


def get_decision_of(user: Officer, pk: UUID) -> UndoableDecision:
    """Return her own decision. Nobody else may know of it."""
    return get_object_or_404(UndoableDecision.objects.visible_to(user), pk=pk)


def _page_of(decision: UndoableDecision, user: Officer) -> str:
    """Return the address of the page that the decision was about, or of the queue if it is no longer hers to see."""
    if decision.walk_id is not None and Walk.objects.visible_to(user).filter(pk=decision.walk_id).exists():
        return reverse("on_the_day:walk", args=[decision.walk_id])
    booking = Booking.objects.visible_to(user).filter(pk__in=[decision.about_id]).only("pk").first()
    return reverse("triage:queue") if booking is None else reverse("triage:booking", args=[booking.pk])
