"""The pages on which an administrator reads what others propose, and answers."""

import datetime
from dataclasses import dataclass
from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.decorators import method_decorator
from django.views.decorators.http import require_safe

from accounts.requests import OfficerRequest
from accounts.sessions.confirmation import ask_to_confirm
from administration.left_behind import LeftBehind
from administration.models import ANSWER_WITHIN, Proposal, ProposedChange
from administration.proposals import actions
from administration.proposals.renames import find_renames
from administration.proposals.values import Line, Reader
from bookings.decisions.flow import DecisionButton
from boroughs.models.officers import Officer
from walkandtalk.lib.errors import ActionError

MOST_ANSWERED = 30
SIGNS_OUT = {"role", "email"}
"""The fields whose change ends every session."""
HANDS_ON = {"role", "bcu", "leads_walks"}
"""The fields with which colleagues take something over."""


@dataclass(frozen=True)
class ChangeInWords:
    about: str
    person: Officer | None
    kind: str
    is_new: bool
    lines: list[Line]
    left: LeftBehind | None
    """Work that colleagues take over, if the person moves or gets another role."""
    renamed: str
    """The last change of the person's name, rank or number within 30 days: by whom, and when."""
    signs_out: bool


@require_safe
def proposal_list(request: OfficerRequest) -> HttpResponse:
    """Show what waits for this administrator, what others have to answer, and the latest answers."""
    if not request.user.is_staff:
        raise PermissionDenied
    now = timezone.now()
    rows = Proposal.objects.visible_to(request.user).for_list()
    waiting = list(rows.waiting_for(request.user, now))
    context = {
        "waiting": waiting,
        "others": rows.open(now).exclude(pk__in=[row.pk for row in waiting]),
        "answered": rows.exclude(pk__in=rows.open(now).values("pk"))[:MOST_ANSWERED],
        "days": ANSWER_WITHIN.days,
    }
    return render(request, "administration/proposals/list.html", context)


class _Answer(DecisionButton[Proposal]):
    """A button of the page of a proposal."""

    request: OfficerRequest

    def find(self) -> Proposal:
        if not self.request.user.is_staff:
            raise PermissionDenied
        rows = Proposal.objects.visible_to(self.request.user).select_related("asked_by", "answered_by")
        return get_object_or_404(rows, pk=self.kwargs["pk"])

    def back(self) -> HttpResponseRedirect:
        return redirect("proposals:proposal", self.kwargs["pk"])

    def refused(self, error: ActionError) -> HttpResponse:
        return self.show(self.find(), refused=error)

    def show(self, proposal: Proposal, *, refused: ActionError | None = None) -> HttpResponse:
        now, user = timezone.now(), self.request.user
        changes = list(proposal.changes.select_related("person__bcu", "bcu", "borough", "partner").order_by("pk"))
        context = {
            "proposal": proposal,
            "result": proposal.result,
            "is_open": proposal.is_open(now),
            "is_alone": not actions.has_other_administrator(user),
            "is_own": proposal.asked_by_id == user.pk,
            "is_about_reader": any(change.person_id == user.pk for change in changes),
            "changes": _in_words(changes, now),
            "error_summary": [{"text": str(refused)}] if refused else [],
        }
        return render(self.request, "administration/proposals/proposal.html", context, status=409 if refused else 200)


@method_decorator(ask_to_confirm, name="dispatch")
class ProposalPage(_Answer):
    """Show what would change, and agree. It opens to a person who has confirmed that it's them."""

    http_method_names = ["get", "post"]

    def get(self, request: OfficerRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        return self.show(self.find())

    def press(self, row: Proposal) -> HttpResponse:
        told = actions.agree(row, by=self.request.user)
        whom = ", ".join([*told, "the auditor"])
        messages.success(self.request, f"You agreed, and it has taken effect. We’re telling: {whom}.")
        return self.back()


class RefusePage(_Answer):
    """Refuse, or withdraw what one has proposed."""

    def press(self, row: Proposal) -> HttpResponse:
        actions.refuse(row, by=self.request.user)
        done = "You withdrew this" if row.asked_by_id == self.request.user.pk else "You refused this"
        messages.success(self.request, f"{done}. Nothing has changed.")
        return self.back()


def _in_words(changes: list[ProposedChange], now: datetime.datetime) -> list[ChangeInWords]:
    reader = Reader()
    leaving = [change.person for change in changes if change.person is not None and HANDS_ON & set(change.after)]
    left = LeftBehind.of_each(leaving, now)
    renames = find_renames([change.person for change in changes if change.person is not None], now)
    return [
        ChangeInWords(
            about=change.about,
            person=change.person if change.before else None,
            kind=change.get_kind_display(),
            is_new=change.kind == ProposedChange.Kind.NEW_ACCOUNT,
            lines=reader.lines(change.before, change.after, change.labels),
            left=left.get(change.person_id or 0),
            renamed=renames.get(change.person_id or 0, ""),
            signs_out=bool(SIGNS_OUT & set(change.after)),
        )
        for change in changes
    ]
