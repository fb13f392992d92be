"""The officers' buttons on the day of a walk. Each press records its time and the officer."""

import datetime
from typing import Any
from uuid import UUID

from django.conf import settings
from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.views.decorators.http import require_safe

from accounts.requests import OfficerRequest
from bookings.decisions.flow import DecisionPage
from bookings.models.bookings import Booking
from bookings.on_the_day import actions, undo
from bookings.on_the_day.forms import CutShortForm, NoShowForm
from bookings.on_the_day.officer_withdrawal import withdraw_from_walk
from bookings.on_the_day.walk_page import (
    ButtonOnWalk,
    OfficerButton,
    OfficerDecision,
    OfficerPage,
    get_visible_walk,
    open_place_and_phrase,
)
from walkandtalk.lib import london
from walks.models.walks import Walk
from walks.permissions import can_read_details
from walks.statuses import WalkStatus

WITHDRAWN = 'You’re off the walk on {}, {}. Now ring <a class="govuk-link" href="tel:{}">{}</a>.'


class SetOffButton(OfficerButton):
    def press(self, walk: Walk) -> HttpResponse:
        actions.set_off(walk, by=self.request.user)
        return self.done("We’ve recorded that you’re on your way. She can see this on her page.")


class ArriveButton(OfficerButton):
    def press(self, walk: Walk) -> HttpResponse:
        actions.arrive(walk, by=self.request.user)
        return self.done("We’ve recorded that you’re there. She can see this on her page.")


class WaitWithRequesterButton(OfficerButton):
    def press(self, walk: Walk) -> HttpResponse:
        actions.wait_with_requester(walk, by=self.request.user)
        return self.done(
            "We’ve told your team that you’re waiting with her. Stay with her until another officer comes."
        )


class EscortToSafetyButton(OfficerButton):
    def press(self, walk: Walk) -> HttpResponse:
        actions.escort_to_safety(walk, by=self.request.user)
        return self.done(
            "We’ve told your team that you’re seeing her to safety. Press “Ended safely” when she’s there."
        )


class StartWalkButton(OfficerButton):
    """“Start the walk”. The page then shows that it has started, with a button to undo it."""

    def press(self, walk: Walk) -> HttpResponse:
        actions.start_walk(walk, by=self.request.user)
        return self.back()


class EndWalkButton(OfficerButton):
    def press(self, walk: Walk) -> HttpResponse:
        actions.end_walk(walk, by=self.request.user)
        return self.back()


class UndoButton(OfficerButton):
    """Undo the press that the page showed. If it was undone before, and pressed again since, nothing changes."""

    @property
    def shown_until(self) -> datetime.datetime | None:
        """The end of the five minutes that the page showed, which says what press is undone."""
        try:
            until = datetime.datetime.fromisoformat(self.request.POST.get("until", ""))
        except ValueError:
            return None
        return until if timezone.is_aware(until) else None


class UndoStartButton(UndoButton):
    def press(self, walk: Walk) -> HttpResponse:
        undo.undo_start(walk, by=self.request.user, until=self.shown_until)
        return self.back() if walk.started_at else self.done("Start undone. The walk hasn’t started.")


class UndoEndButton(UndoButton):
    def press(self, walk: Walk) -> HttpResponse:
        undo.undo_end(walk, by=self.request.user, until=self.shown_until)
        return self.done("Undone. The walk hasn’t ended.") if walk.is_live else self.back()


class RecordNoShowPage(OfficerDecision[Booking], DecisionPage[Booking, NoShowForm]):
    """“She isn’t here”: allowed ten minutes after the start, and after a call if the requester allows calls."""

    form_class = NoShowForm
    template_name = "bookings/on_the_day/record_no_show.html"

    def find(self) -> Booking:
        return self.get_own_booking()

    def context(self, booking: Booking, form: NoShowForm) -> dict[str, Any]:
        return {"walk": booking.walk}

    def decide(self, booking: Booking, form: NoShowForm) -> HttpResponse:
        actions.record_no_show(booking, form.decision(), by=self.request.user)
        return self.done("We’ve recorded that she didn’t come. If she comes later, press “She came late”.")


class RecordLateArrivalButton(OfficerDecision[Booking], ButtonOnWalk[Booking]):
    def find(self) -> Booking:
        return self.get_own_booking()

    def press(self, booking: Booking) -> HttpResponse:
        actions.record_late_arrival(booking, by=self.request.user)
        return self.done("We’ve recorded that she came late.")


class CutWalkShortPage(OfficerPage[CutShortForm]):
    """Ask “Where is she now?”, then cut the walk short. The requester has priority for another walk."""

    form_class = CutShortForm
    template_name = "bookings/on_the_day/cut_walk_short.html"

    def is_closed(self, walk: Walk) -> bool:
        return not walk.may_be_cut_short(timezone.now())

    def decide(self, walk: Walk, form: CutShortForm) -> HttpResponse:
        actions.cut_walk_short(walk, by=self.request.user, where=form.whereabouts)
        return self.done(_who_to_ring_next(walk))


class WithdrawPage(OfficerButton):
    """“I can’t make it”. Afterwards the officer cannot open the walk, so the confirmation gives the number to ring."""

    http_method_names = ["get", "post"]

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        walk = self.find()
        if walk.status != WalkStatus.SCHEDULED:
            return self.back()
        return render(request, "bookings/on_the_day/withdraw_from_walk.html", {"walk": walk})

    def press(self, walk: Walk) -> HttpResponse:
        withdraw_from_walk(walk, by=self.request.user)
        day, time, number = london.long_date(walk.start_at), london.clock(walk.start_at), walk.duty_number
        messages.success(self.request, format_html(WITHDRAWN, day, time, number.replace(" ", ""), number))
        return redirect("on_the_day:walks")


def _who_to_ring_next(walk: Walk) -> SafeString:
    text = 'The walk is cut short. Now ring <a class="govuk-link" href="tel:{}">{}</a>.'
    return format_html(text, walk.duty_number.replace(" ", ""), walk.duty_number)


@require_safe
def phrase(request: OfficerRequest, pk: UUID) -> HttpResponse:
    """Show only the phrase, large enough for a requester across the pavement who cannot hear."""
    walk = get_visible_walk(request, pk)
    may_read = can_read_details(request.user, walk, walk.live_officers(), timezone.now())
    if walk.erased_at is not None or not may_read:
        raise PermissionDenied
    open_place_and_phrase(walk, by=request.user)
    context = {"walk": walk, "idle_seconds": int(settings.STAFF_IDLE.total_seconds())}
    return render(request, "bookings/on_the_day/phrase.html", context)
