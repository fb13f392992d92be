"""The page for a day that can't go ahead, of some officers or of the whole team."""

from collections.abc import Collection
from dataclasses import dataclass
from typing import Any

from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views import View

from accounts.requests import OfficerRequest, posted_data
from bookings.decisions.lookups import how_requester_is_told
from bookings.decisions.undo_banner import offer_undo
from bookings.models.bookings import Booking
from bookings.models.walk_queries import known_to
from bookings.need_to_know import ReasonNeeded
from bookings.permissions import can_see_queue
from bookings.read_log import open_bookings, record_reason
from bookings.scheduling.clear_a_day.actions import cancel_walk, mark_off_duty, replace_officers
from bookings.scheduling.clear_a_day.forms import ClearDayForm, DayForm, version_field
from bookings.scheduling.clear_a_day.proposals import WalkToClear, Way, propose_for_day
from bookings.statuses import Status
from bookings.triage.reasons.forms import ReasonForm
from bookings.triage.reasons.views import reason_answers
from boroughs.models.bcus import BoroughCommandUnit
from walkandtalk.lib import london
from walkandtalk.lib.errors import ActionError
from walkandtalk.lib.govuk.pages import error_summary
from walkandtalk.lib.reading import untracked
from walks.models.walks import Walk

INVALID, REFUSED = 422, 409
TEMPLATE = "bookings/scheduling/clear_day.html"


@dataclass(frozen=True)
class Result:
    """The result for one walk, in words."""

    when: str
    words: str
    is_done: bool = True


class ClearDayPage(View):
    """List the walks of the day, propose a way for each, and do what is chosen: each walk by itself."""

    http_method_names = ["get", "post"]
    request: OfficerRequest
    bcu: BoroughCommandUnit

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> Any:
        bcu = self.request.user.bcu
        if not can_see_queue(self.request.user) or bcu is None:
            raise PermissionDenied
        self.bcu = bcu
        return super().dispatch(request, *args, **kwargs)

    def get(self, request: HttpRequest) -> HttpResponse:
        return self.show(self.read_day(), posted=posted_data(self.request))

    def post(self, request: HttpRequest) -> HttpResponse:
        day = self.read_day()
        if day.date_chosen is None:
            return self.show(day, status=INVALID) if day.is_bound else redirect("scheduling:clear_day")
        return self.say_why(day) if "why" in request.POST else self.decide(day)

    def read_day(self) -> DayForm:
        return DayForm(self.request.GET, bcu=self.bcu, today=london.today())

    def say_why(self, day: DayForm) -> HttpResponse:
        """Record one reason for every requester of that day."""
        form = ReasonForm(self.request.POST)
        if form.is_valid():
            bookings = [booking.pk for to_clear in self.find(day) for booking in to_clear.bookings]
            record_reason(bookings, form.reason, by=self.request.user)
        return redirect(f"{reverse('scheduling:clear_day')}?{day.address}")

    def decide(self, day: DayForm) -> HttpResponse:
        walks = self.find(day)
        try:
            self.open(walks)
        except ReasonNeeded:  # her answer has expired meanwhile
            return self.show(day, status=REFUSED)
        shown = [to_clear for to_clear in walks if version_field(to_clear.walk) in self.request.POST]
        form = ClearDayForm(self.request.POST, walks=shown, day=day)
        if not form.is_valid():
            return self.show(day, posted=self.request.POST, status=INVALID)
        began_at = timezone.now()
        results = [result for to_clear in shown if (result := self.clear(to_clear, form)) is not None]
        offer_undo(self.request, "Day cleared.", since=began_at)
        if form.is_off_duty and day.date_chosen is not None:
            mark_off_duty(day.away, day.date_chosen, by=self.request.user)
            are = "is" if len(day.away) == 1 else "are"
            results.append(Result("", f"{day.away_names} {are} now marked as off duty that day."))
        return self.show(day, results=results)

    def clear(self, to_clear: WalkToClear, form: ClearDayForm) -> Result | None:
        """Do what is chosen for one walk. What is refused says why, and stops no other."""
        walk, way = to_clear.walk, form.way_of(to_clear.walk)
        when, version, by = london.clock(walk.start_at), form.version_of(walk), self.request.user
        if way.way == Way.LEAVE:
            return None
        try:
            with untracked():  # the actions read her name for their messages, and the page shows nothing of it
                if way.way == Way.CANCEL:
                    cancel_walk(walk, form.shown_bookings(walk), form.cancellation(), by=by, version=version)
                else:
                    replace_officers(walk, form.replacement(walk), by=by, version=version)
                told = _how_told(to_clear.bookings)
        except ActionError as error:
            return Result(when, str(error), is_done=False)
        except PermissionDenied:
            return Result(when, "It isn’t your team’s walk any more.", is_done=False)
        done = "Cancelled." if way.way == Way.CANCEL else f"{way.label}."
        return Result(when, f"{done} {told}".strip())

    # --- What the page shows ------------------------------------------------------------------------------------------

    def find(self, day: DayForm) -> list[WalkToClear]:
        """Return the walks to come of that day that this inspector decides on, with their requesters."""
        if day.date_chosen is None:
            return []
        user, now = self.request.user, timezone.now()
        walks = Walk.objects.visible_to(user).decided_by(user).upcoming(now).of_day(day.date_chosen)
        if day.away:
            walks = walks.filter(assignments__officer__in=day.away, assignments__is_live=True).distinct()
        found = list(known_to(walks, user).with_bcu_and_officers())
        visible = Booking.objects.visible_to(user).filter(walk__in=found, status=Status.SCHEDULED, frozen_at=None)
        bookings = list(visible.known_to(user).for_decision().order_by("pk"))
        return [WalkToClear(walk, [row for row in bookings if row.walk_id == walk.pk]) for walk in found]

    def open(self, walks: Collection[WalkToClear]) -> None:
        """Say that this response is about these requesters. Raise ReasonNeeded if she hasn't said why."""
        open_bookings([booking for to_clear in walks for booking in to_clear.bookings], by=self.request.user)

    def show(
        self, day: DayForm, *, posted: Any = None, results: Collection[Result] = (), status: int | None = None
    ) -> HttpResponse:
        walks = self.find(day)
        context: dict[str, Any] = {"day": day, "results": results, "walks": walks, "bcu": self.bcu}
        try:
            self.open(walks)
        except ReasonNeeded:
            bookings = [booking for to_clear in walks for booking in to_clear.bookings]
            context |= {"answers": reason_answers(bookings), "was_refused": status == REFUSED}
            return render(self.request, TEMPLATE, context, status=status)
        propose_for_day(self.bcu, walks, away=day.away)
        form = ClearDayForm(posted, walks=walks, day=day) if walks else None
        context |= {"form": form, "error_summary": error_summary(form or day)}
        return render(self.request, TEMPLATE, context, status=status)


def _how_told(bookings: Collection[Booking]) -> str:
    """Say how the requesters are told, once for each way."""
    return " ".join(dict.fromkeys(how_requester_is_told(booking, here=False) for booking in bookings))
