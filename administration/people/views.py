"""The pages on which an administrator adds someone, or proposes to change what someone may do."""

from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import redirect
from django.utils.decorators import method_decorator

from accounts.requests import OfficerRequest
from accounts.second_factor.state import has_second_factor
from accounts.sessions.confirmation import ask_to_confirm
from administration.people.actions import add_people
from administration.people.forms import AddPersonForm, PowersForm, ReopenForm, StartAgainForm
from administration.people.shoulder_letters import warn_of_letters
from administration.person_page import PersonPage
from administration.proposals.pages import ProposePage, to_proposal
from bookings.decisions.flow import DecisionPage
from boroughs.models.officers import Officer


@method_decorator(ask_to_confirm, name="dispatch")
class AddPersonPage(DecisionPage[Officer, AddPersonForm]):
    form_class = AddPersonForm
    template_name = "administration/people/add.html"
    request: OfficerRequest

    def find(self) -> Officer:
        """Return someone new, with an officer's role."""
        if not self.request.user.is_staff:
            raise PermissionDenied
        return Officer()

    def back(self) -> HttpResponseRedirect:
        return redirect("admin:boroughs_officer_changelist")

    def get_form(self, row: Officer) -> AddPersonForm:
        return AddPersonForm(self.posted(), instance=row)

    def decide(self, row: Officer, form: AddPersonForm) -> HttpResponse:
        added = add_people([form.values()], by=self.request.user, reason=form.cleaned_data["reason"])
        for officer in added.officers:
            messages.success(
                self.request, f"An invitation is on its way to {officer.email}. Its link works for 72 hours."
            )
            warn_of_letters(self.request, officer)
        if added.proposal is not None:
            return to_proposal(self.request, added.proposal)
        return redirect("admin:boroughs_officer_change", added.officers[0].pk)


class PowersPage(ProposePage[Officer, PowersForm], PersonPage[PowersForm]):
    """Change the role, BCU or work email, or whether someone leads walks."""

    form_class = PowersForm
    template_name = "administration/people/powers.html"

    def context(self, row: Officer, form: PowersForm) -> dict[str, Any]:
        return {"person": self.find()}  # the form has set its answers on the row


class ReopenPage(ProposePage[Officer, ReopenForm], PersonPage[ReopenForm]):
    """Let someone who left sign in again."""

    form_class = ReopenForm
    template_name = "administration/people/reopen.html"

    def is_closed(self, row: Officer) -> bool:
        return row.is_active

    def why_closed(self, row: Officer) -> str:
        return "This account isn’t closed."

    def context(self, row: Officer, form: ReopenForm) -> dict[str, Any]:
        return {"person": row}


class StartAgainPage(ProposePage[Officer, StartAgainForm], PersonPage[StartAgainForm]):
    """Remove the second factors and the password of someone who has lost them."""

    form_class = StartAgainForm
    template_name = "administration/people/start_again.html"

    def is_closed(self, row: Officer) -> bool:
        return not row.is_active or not (has_second_factor(row) or row.has_usable_password())

    def why_closed(self, row: Officer) -> str:
        return "They have no password or second factor to remove." if row.is_active else super().why_closed(row)

    def context(self, row: Officer, form: StartAgainForm) -> dict[str, Any]:
        return {"person": row}
