"""The acts of an inspector on many bookings at once. Each class is one act."""

from typing import Any

from django.http import HttpResponse, QueryDict

from bookings.decisions.lookups import how_requester_is_told
from bookings.triage.claims.actions import add_colleague_note, claim_booking
from bookings.triage.decline.actions import decline_booking
from bookings.triage.handover.actions import hand_over_booking
from bookings.triage.many.forms import (
    CHANGE,
    LOOK,
    SAVE,
    ClaimManyForm,
    DeclineManyForm,
    HandOverManyForm,
    NoteOnManyForm,
)
from bookings.triage.many.pages import ManyPage, TickedRow, TickedRows
from bookings.triage.many.words import words_for


class ClaimManyPage(ManyPage[ClaimManyForm]):
    """Assign bookings to herself. Those of a colleague stay with her: their pages offer to take one over."""

    form_class = ClaimManyForm
    title = "Assign to me"
    needs_reason = False

    def act(self, row: TickedRow, form: ClaimManyForm) -> str:
        claim_booking(row.booking, by=self.request.user, claimed_by_id=None)
        return "Assigned to you"

    def done_heading(self, done: str) -> str:
        return f"{done} assigned to you"


class AddNoteToManyPage(ManyPage[NoteOnManyForm]):
    form_class = NoteOnManyForm
    title = "Add a note"

    def act(self, row: TickedRow, form: NoteOnManyForm) -> str:
        add_colleague_note(row.booking, by=self.request.user, note=form.words)
        return "Note added"

    def done_heading(self, done: str) -> str:
        return f"Note added to {done}"


class HandOverManyPage(ManyPage[HandOverManyForm]):
    form_class = HandOverManyForm
    title = "Hand over"

    def get_form(self, posted: QueryDict | None, rows: TickedRows) -> HandOverManyForm:
        bcu = self.request.user.bcu_id
        return HandOverManyForm(posted, without={bcu} if bcu else set(), initial=self.initial(rows))

    def act(self, row: TickedRow, form: HandOverManyForm) -> str:
        handover = form.decision()
        hand_over_booking(row.booking, handover, by=self.request.user, version=row.tick.version)
        return f"Handed over to {handover.to.name}. {how_requester_is_told(row.booking, here=False)}"

    def done_heading(self, done: str) -> str:
        return f"{done} handed over"


class DeclineManyPage(ManyPage[DeclineManyForm]):
    """Decline bookings, after showing what each kind of receiver among them will read."""

    form_class = DeclineManyForm
    title = "Decline"

    def ask(self, posted: QueryDict) -> HttpResponse:
        """Show the form, filled in if she has been here before. Its button always shows the words first."""
        if CHANGE in posted or "save" in posted:
            posted = posted.copy()
            posted["save"] = LOOK
        return super().ask(posted)

    def decide(self, rows: TickedRows, form: DeclineManyForm) -> HttpResponse:
        return super().decide(rows, form) if form.cleaned_data["save"] == SAVE else self._preview(rows, form)

    def act(self, row: TickedRow, form: DeclineManyForm) -> str:
        decline_booking(row.booking, form.decision(), by=self.request.user, version=row.tick.version)
        return f"Declined. {how_requester_is_told(row.booking, here=False)}"

    def done_heading(self, done: str) -> str:
        return f"{done} declined"

    def _preview(self, rows: TickedRows, form: DeclineManyForm) -> HttpResponse:
        bcu = self.request.user.bcu
        bookings = [row.booking for row in rows.rows if row.is_open]
        words = list(words_for(bookings, form.decision(), bcu)) if bcu else []
        answers: list[Any] = [form[name].as_hidden() for name in form.fields if name != "save"]
        return self.show(rows, form, words=words, answers=answers)
