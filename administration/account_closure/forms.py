"""The button that closes an account. It asks nothing, unless one of their walks is going on."""

from collections.abc import Mapping
from typing import Any

from django import forms

from walkandtalk.lib.govuk.forms import PageForm


class CloseAccountForm(PageForm):
    button = "Close this account"
    button_style = "warning"

    def __init__(self, data: Mapping[str, Any] | None, *, asks_about_walk: bool) -> None:
        super().__init__(data)
        if asks_about_walk:
            self.fields["has_rung"] = forms.BooleanField(
                label="I’ve rung the duty number. The team knows that the walk loses this officer.",
                error_messages={"required": "Ring the duty number, then tick that you have"},
            )
