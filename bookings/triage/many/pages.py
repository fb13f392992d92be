"""The flow of an act on many bookings: list the ticked ones, ask once, act on each by itself, and say what was done.

Each booking goes through its own action, with its own transaction, lock and version, so one that has changed never
stops the others. What an act does is a class with one method, `act` (`views.py`).
"""

from abc import ABC, abstractmethod
from dataclasses import dataclass, field
from typing import Any, Generic, TypeVar

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect, QueryDict
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views import View

from accounts.requests import OfficerRequest, posted_data
from bookings.decisions.undo_banner import offer_undo
from bookings.locks import PageOutOfDate
from bookings.models.booking_queries import prefetch_for_queue
from bookings.models.bookings import Booking
from bookings.need_to_know import ReadingPaused, may_open_at_once, record_pause
from bookings.permissions import can_see_queue
from bookings.triage.many.forms import ManyForm, Tick, TicksForm
from bookings.triage.queue.forms import QueueForm
from bookings.triage.queue.rows import QueueRow, get_wards, queue_row
from walkandtalk.lib import london
from walkandtalk.lib.errors import ActionError
from walkandtalk.lib.govuk.pages import error_summary
from walkandtalk.lib.reading import note_opened, untracked

Form = TypeVar("Form", bound=ManyForm)

INVALID = 422
NOT_HERS = "Assign it to yourself first, or open it and say why you need it."
GONE = "It isn’t in your queue any more."
NONE_LEFT = "None of the ticked bookings is in your queue any more"


@dataclass
class TickedRow:
    """A ticked booking as the queue lists it, and what became of it."""

    tick: Tick
    row: QueueRow
    name: str
    """As the queue named her before anything was done."""
    is_open: bool
    """Whether the inspector may decide on it without being asked why."""
    is_done: bool = False
    outcome: str = ""

    @property
    def booking(self) -> Booking:
        return self.row.booking


@dataclass
class TickedRows:
    rows: list[TickedRow]
    missing: int
    """How many ticked ids are not in her queue. Never say why: they may never have been."""
    fault: str = ""
    """Why nothing can be done with them."""
    done: list[TickedRow] = field(default_factory=list)
    left: list[TickedRow] = field(default_factory=list)

    def sort_by_outcome(self) -> None:
        self.done = [row for row in self.rows if row.is_done]
        self.left = [row for row in self.rows if not row.is_done]


class ManyPage(View, ABC, Generic[Form]):
    """One act on the ticked bookings. GET never acts: it shows a form that was sent after the session had ended."""

    http_method_names = ["get", "post"]
    request: OfficerRequest
    form_class: type[Form]
    template_name = "bookings/triage/many/ask.html"
    title: str
    """The act that the page is about, like “Decline”, before the number of bookings."""
    needs_reason = True
    """Whether it is possible only for bookings that are hers, or for which she gave a reason within the shift."""

    @abstractmethod
    def act(self, row: TickedRow, form: Form) -> str:
        """Call the action for one booking, and return what was done."""

    @abstractmethod
    def done_heading(self, done: str) -> str:
        """Return the heading of the summary. `done` is like “3 of 4 bookings”."""

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> Any:
        if not can_see_queue(self.request.user):
            raise PermissionDenied
        return super().dispatch(request, *args, **kwargs)

    def get(self, request: HttpRequest) -> HttpResponse:
        kept = posted_data(request)
        return self.back() if kept is None else self.ask(kept)

    def post(self, request: HttpRequest) -> HttpResponse:
        return self.ask(request.POST) if "save" not in request.POST else self.answer(request.POST)

    def ask(self, posted: QueryDict) -> HttpResponse:
        """List the ticked bookings, and ask what the act needs. A first press has no answers, so none is missing."""
        rows = self.find(posted)
        if rows.fault:
            return self.back(rows.fault)
        return self.show(rows, self.get_form(posted if "save" in posted else None, rows))

    def answer(self, posted: QueryDict) -> HttpResponse:
        rows = self.find(posted)
        if rows.fault:
            return self.back(rows.fault)
        form = self.get_form(posted, rows)
        return self.decide(rows, form) if form.is_valid() else self.show(rows, form, status=INVALID)

    def decide(self, rows: TickedRows, form: Form) -> HttpResponse:
        began_at = timezone.now()
        for row in rows.rows:
            self._act_on(row, form)
        rows.sort_by_outcome()
        heading = self.done_heading(f"{len(rows.done)} of {len(rows.rows) + rows.missing} bookings")
        offer_undo(self.request, f"{heading}.", since=began_at)
        context = {**self.context(rows), "heading": heading}
        return render(self.request, "bookings/triage/many/summary.html", context)

    def _act_on(self, row: TickedRow, form: Form) -> None:
        if self.needs_reason and not row.is_open:
            row.outcome = NOT_HERS
            return
        try:
            with untracked():  # an action reads her name for its message, and the page shows nothing of it
                row.outcome = self.act(row, form)
            row.is_done = True
        except PageOutOfDate as error:  # she reads what has changed, so the next press is about the booking as it is
            row.tick = Tick(row.tick.pk, error.version)
            row.outcome = str(error)
        except ActionError as error:
            row.outcome = str(error)
            if row.is_open:  # it may say which of her needs is not arranged
                note_opened(row.booking.contact.details_opened)
        except ReadingPaused as paused:
            record_pause(paused, by=self.request.user)
            resumes = london.clock(paused.resumes_at)
            row.outcome = f"You’ve opened as many bookings as one person may within an hour. Try again at {resumes}."
        except PermissionDenied:  # a colleague handed it over a moment ago
            row.outcome = GONE

    # --- What it needs ------------------------------------------------------------------------------------------------

    def find(self, posted: QueryDict) -> TickedRows:
        """Return the ticked bookings that are in her queue, as it lists them. The others are only counted."""
        form = TicksForm.read(posted)
        now, user = timezone.now(), self.request.user
        ticked = {tick.pk: tick for tick in form.ticks}
        visible = Booking.objects.visible_to(user).filter(pk__in=ticked)
        bookings = list(visible.known_to(user).for_queue_page())
        prefetch_for_queue(bookings, more_walks=[])
        opened = may_open_at_once([booking.pk for booking in bookings], by=user)
        rows = [queue_row(booking, user=user, now=now, request_count=0, conflicts={}) for booking in bookings]
        found = [
            TickedRow(ticked[row.booking.pk], row, row.booking.known_as_beside_ward, row.booking.pk in opened)
            for row in rows
        ]
        return TickedRows(found, len(ticked) - len(found), fault=form.fault or ("" if found else NONE_LEFT))

    def get_form(self, posted: QueryDict | None, rows: TickedRows) -> Form:
        return self.form_class(posted, initial=self.initial(rows))

    def initial(self, rows: TickedRows) -> dict[str, Any]:
        return {"ticked": [str(row.tick) for row in rows.rows]}

    def context(self, rows: TickedRows) -> dict[str, Any]:
        possible = [row for row in rows.rows if row.is_open or not self.needs_reason]
        return {
            "ticked": rows,
            "possible": len(possible),
            "needs_reason": self.needs_reason,
            "title": self.title,
            "list": self.list_address,
            "not_hers": NOT_HERS,
        }

    def show(self, rows: TickedRows, form: Form, *, status: int = 200, **context: Any) -> HttpResponse:
        context = {**self.context(rows), "form": form, "error_summary": error_summary(form), **context}
        return render(self.request, self.template_name, context, status=status)

    def back(self, fault: str = "") -> HttpResponseRedirect:
        if fault:
            messages.error(self.request, f"{fault}.")
        return redirect(f"{reverse('triage:queue')}?{self.list_address}")

    @property
    def list_address(self) -> str:
        """The list from which she came: its tab and its filters, as in the address of the queue."""
        bcu = self.request.user.bcu
        return QueueForm.read(self.request.GET, wards=get_wards(bcu) if bcu else []).address
