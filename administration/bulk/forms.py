"""The questions before one act for many people."""

from collections.abc import Mapping
from typing import Any

from django import forms

from boroughs.models.bcus import BoroughCommandUnit
from walkandtalk.lib.govuk.forms import PageForm
from walkandtalk.lib.plain_text import one_line

LONGEST_REASON = 200
RUNG = "I’ve rung the duty number of everyone who is on a walk. Their teams know that the walk loses this officer."
PERHAPS_RUNG = "None of them is on a walk now, or I’ve rung the duty number."


class HasRungForm(PageForm):
    """Asks for a call, if someone may be on a walk with a requester now."""

    def __init__(
        self, data: Mapping[str, Any] | None = None, *args: Any, on_walk: bool, may_be_on_walk: bool, **kwargs: Any
    ) -> None:
        """Ask if someone is known to be on a walk, or leads walks: some walks an administrator can't see."""
        super().__init__(data, *args, **kwargs)
        if on_walk or may_be_on_walk:
            self.fields["has_rung"] = forms.BooleanField(
                label=RUNG if on_walk else PERHAPS_RUNG,
                error_messages={"required": "Ring the duty number, then tick that you have"},
            )


class ReasonForm(HasRungForm):
    reason = forms.CharField(
        label="Why is this needed?",
        help_text="In one line. Other administrators and the auditor read it. Write nothing about a requester.",
        max_length=LONGEST_REASON,
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
        error_messages={"required": "Enter why this is needed"},
    )

    def clean_reason(self) -> str:
        return one_line(self.cleaned_data["reason"])


class MoveForm(ReasonForm):
    button = "Move them"

    bcu = forms.ModelChoiceField(
        BoroughCommandUnit.objects.order_by("name"),
        label="Which BCU do they move to?",
        empty_label="Choose a BCU",
        error_messages={"required": "Select the BCU that they move to"},
    )
    field_order = ("bcu", "reason")


class CloseForm(ReasonForm):
    button = "Close these accounts"
    button_style = "warning"


class LeadWalksForm(ReasonForm):
    button = "Propose this"
