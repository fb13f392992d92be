"""The button that closes an account. It asks one thing of those who lead walks: a woman may be with them now."""

from collections.abc import Mapping
from typing import Any

from django import forms

from boroughs.models.officers import Officer
from walkandtalk.lib.govuk.forms import PageForm


class CloseAccountForm(PageForm):
    button = "Close this account"
    button_style = "warning"

    def __init__(self, data: Mapping[str, Any] | None, *, person: Officer, is_on_walk: bool) -> None:
        """Ask whoever is known to be on a walk, and everyone who leads walks: some walks an administrator can't see."""
        super().__init__(data)
        if is_on_walk:
            label = "I’ve rung the duty number. The team knows that the walk loses this officer."
        else:
            label = "They’re not on a walk now, or I’ve rung the duty number."
        if is_on_walk or person.leads_walks:
            self.fields["has_rung"] = forms.BooleanField(
                label=label, error_messages={"required": "Ring the duty number, then tick that you have"}
            )
