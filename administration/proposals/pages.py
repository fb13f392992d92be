"""The page on which an administrator proposes a change to one row."""

from typing import Any, Generic, TypeVar

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect

from administration.models import Proposal
from administration.proposals.actions import propose
from administration.proposals.forms import ProposeForm, ProposeRowForm
from administration.proposals.values import Subject
from bookings.decisions.flow import DecisionPage
from walkandtalk.lib import london

Row = TypeVar("Row", bound=Subject)
Form = TypeVar("Form", bound=ProposeForm)


class ProposePage(DecisionPage[Row, Form], Generic[Row, Form]):
    """A page whose answers are a proposal: another administrator carries it out."""

    def get_form(self, row: Row) -> Form:
        if issubclass(self.form_class, ProposeRowForm):
            return self.form_class(self.posted(), instance=row)
        return super().get_form(row)

    def decide(self, row: Row, form: Form) -> HttpResponse:
        change = form.change(row)
        proposal = propose([change], by=self.request.user, reason=form.cleaned_data["reason"])  # type: ignore[arg-type]
        return to_proposal(self.request, proposal)


def to_proposal(request: Any, proposal: Proposal) -> HttpResponse:
    """Say that nothing has changed yet, on the page of the proposal."""
    until = london.long_date(proposal.ends_at)
    messages.success(request, f"The other administrators are asked. Nothing changes until one agrees, by {until}.")
    return redirect("proposals:proposal", proposal.pk)
