"""The pages that list the people ticked in the admin's list, ask what an act needs, and do it."""

from dataclasses import dataclass
from typing import Any, ClassVar, Generic, TypeVar

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpResponse, HttpResponseRedirect
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.decorators import method_decorator

from accounts.requests import OfficerRequest
from accounts.sessions.confirmation import ask_to_confirm
from administration.bulk.actions import (
    MOST_AT_ONCE,
    Outcome,
    close_accounts,
    move_people,
    moves_at_once,
    set_leads_walks,
)
from administration.bulk.forms import CloseForm, LeadWalksForm, MoveForm, ReasonForm
from administration.left_behind import LeftBehind, left_without_inspector
from administration.proposals.pages import to_proposal
from bookings.decisions.flow import DecisionPage
from boroughs.models.officers import Officer

Form = TypeVar("Form", bound=ReasonForm)


@dataclass(frozen=True)
class Row:
    """One person, and what colleagues will take over from them."""

    person: Officer
    left: LeftBehind
    at_once: bool


@method_decorator(ask_to_confirm, name="dispatch")
class PeoplePage(DecisionPage[list[Row], Form], Generic[Form]):
    """One act for the people whose ids the address has."""

    request: OfficerRequest
    question: ClassVar[str]
    done: ClassVar[str] = ""

    def find(self) -> list[Row]:
        if not self.request.user.is_staff:
            raise PermissionDenied
        asked_for = {pk for pk in self.request.GET.getlist("person") if pk.isascii() and pk.isdigit() and len(pk) < 10}
        visible = Officer.objects.in_administration_for(self.request.user).select_related("bcu")
        people = list(visible.filter(pk__in=asked_for).order_by("name", "pk")[: MOST_AT_ONCE + 1])
        if not people or len(people) > MOST_AT_ONCE or len(people) != len(self.request.GET.getlist("person")):
            raise Http404
        left = LeftBehind.of_each(people, timezone.now())
        return [Row(person, left[person.pk], self.is_at_once(person)) for person in people]

    def is_at_once(self, person: Officer) -> bool:
        """Return whether one administrator is enough for this person."""
        return True

    def back(self) -> HttpResponseRedirect:
        return redirect("admin:boroughs_officer_changelist")

    def get_form(self, row: list[Row]) -> Form:
        at_once = [each for each in row if each.at_once]
        return self.form_class(
            self.posted(),
            on_walk=any(each.left.walks_going_on for each in at_once),
            may_be_on_walk=any(each.person.leads_walks and each.person.is_active for each in at_once),
        )

    def context(self, row: list[Row], form: Form) -> dict[str, Any]:
        return {
            "question": self.question,
            "rows": row,
            "at_once": [each for each in row if each.at_once],
            "to_propose": [each for each in row if not each.at_once],
            "on_walk": [each.person for each in row if each.at_once and each.left.walks_going_on],
            "without_inspector": left_without_inspector([each.person for each in row if each.at_once]),
        }

    def show_outcome(self, outcome: Outcome) -> HttpResponse:
        """Say in sentences what was done and what wasn't."""
        if outcome.done:
            messages.success(self.request, f"{self.done}: {_names(outcome.done)}.")
        for person, why in outcome.refused:
            messages.warning(self.request, f"{person.display_name} stays as they are. {why}")
        if outcome.proposal is not None:
            return to_proposal(self.request, outcome.proposal)
        return self.back()


class MovePage(PeoplePage[MoveForm]):
    form_class = MoveForm
    template_name = "administration/bulk/move.html"
    question = "Move to another BCU"
    done = "Moved"

    def is_at_once(self, person: Officer) -> bool:
        return moves_at_once(person)

    def decide(self, row: list[Row], form: MoveForm) -> HttpResponse:
        answers = form.cleaned_data
        people = [each.person for each in row]
        return self.show_outcome(move_people(people, answers["bcu"], by=self.request.user, reason=answers["reason"]))


class ClosePage(PeoplePage[CloseForm]):
    form_class = CloseForm
    template_name = "administration/bulk/close.html"
    question = "Close accounts"
    done = "Closed, and handed on to their teams"

    def decide(self, row: list[Row], form: CloseForm) -> HttpResponse:
        people = [each.person for each in row]
        return self.show_outcome(close_accounts(people, by=self.request.user, reason=form.cleaned_data["reason"]))


class LeadWalksPage(PeoplePage[LeadWalksForm]):
    form_class = LeadWalksForm
    template_name = "administration/bulk/lead_walks.html"
    question = "Let them lead walks"
    leads_walks = True

    def is_at_once(self, person: Officer) -> bool:
        return False

    def decide(self, row: list[Row], form: LeadWalksForm) -> HttpResponse:
        people, reason = [each.person for each in row], form.cleaned_data["reason"]
        return self.show_outcome(set_leads_walks(people, self.leads_walks, by=self.request.user, reason=reason))


class StopLeadingWalksPage(LeadWalksPage):
    question = "They no longer lead walks"
    leads_walks = False


def _names(people: list[Officer]) -> str:
    return ", ".join(person.display_name for person in people)
