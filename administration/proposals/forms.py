"""Questions that every proposal asks."""

from django import forms

from administration.models import ProposedChange
from administration.proposals.actions import Change
from administration.proposals.values import Subject, read
from walkandtalk.lib.govuk.forms import PageForm


class ProposeForm(PageForm):
    """Asks why, which the other administrators and the auditor read."""

    button = "Propose this"
    kind: ProposedChange.Kind

    reason = forms.CharField(
        label="Why is this needed?",
        help_text="The administrator who agrees reads this, and so does the auditor. Write nothing about a requester.",
        max_length=200,
        error_messages={"required": "Enter why this is needed"},
    )

    def change(self, subject: Subject) -> Change:
        """Return what the answers ask for."""
        return Change(kind=self.kind, subject=subject)


class EveryRuleForm(forms.ModelForm):  # type: ignore[type-arg]  # generic only in the stubs
    """Checks every rule of the row, also those about fields that the page doesn't show."""

    def _get_validation_exclusions(self) -> set[str]:
        return {"password"}


class ProposeRowForm(ProposeForm, EveryRuleForm):
    """Proposes new values of a row, checked by the row's own rules. It saves nothing."""

    @property
    def names(self) -> list[str]:
        return [name for name in self.fields if name != "reason"]

    def change(self, subject: Subject) -> Change:
        return Change(kind=self.kind, subject=subject, after=read(self.instance, self.names))
