"""The page on which an administrator closes the account of someone who leaves."""

from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.decorators import method_decorator

from accounts.sessions.confirmation import ask_to_confirm
from administration.account_closure.actions import AUDITOR, YOURSELF, close_account
from administration.account_closure.forms import CloseAccountForm
from administration.left_behind import LeftBehind, is_last_inspector, nominated_for
from administration.person_page import PersonPage
from boroughs.models.officers import Officer
from walkandtalk.lib.govuk.pages import summary_row


@method_decorator(ask_to_confirm, name="dispatch")
class CloseAccountPage(PersonPage[CloseAccountForm]):
    form_class = CloseAccountForm
    template_name = "administration/close_account.html"

    def find(self) -> Officer:
        person = super().find()
        self.left = LeftBehind.by(person, timezone.now())
        return person

    def get_form(self, row: Officer) -> CloseAccountForm:
        return CloseAccountForm(self.posted(), person=row, is_on_walk=self.left.walks_going_on > 0)

    def decide(self, row: Officer, form: CloseAccountForm) -> HttpResponse:
        left = close_account(row, by=self.request.user)  # type: ignore[arg-type]
        messages.success(
            self.request, f"{row.display_name}, can’t sign in any more. Left to the team: {left.in_words}."
        )
        return redirect("administrator-today")

    def context(self, row: Officer, form: CloseAccountForm) -> dict[str, Any]:
        return {
            "person": row,
            "left": self.left,
            "rows": _rows(self.left),
            "nominated_for": nominated_for(row),
            "is_last_inspector": is_last_inspector(row),
            "refusal": _refusal(row, self.request.user.pk),
        }


def _refusal(person: Officer, user_id: int | None) -> str:
    if person.pk == user_id:
        return YOURSELF
    return AUDITOR if person.role == Officer.Role.AUDITOR else ""


def _rows(left: LeftBehind) -> list[dict[str, Any]]:
    return [
        summary_row("Walks to come or going on", str(left.walks)),
        summary_row("Open bookings assigned to them", str(left.bookings)),
        summary_row("Concerns that they own", str(left.concerns)),
        summary_row("Recurring walks as a usual officer", str(left.recurring_walks)),
    ]
