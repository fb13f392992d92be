"""The form with which a requester asks for another walk."""

from collections.abc import Mapping
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from walkandtalk.lib.govuk.forms import PageForm
from walkandtalk.lib.govuk.layout import Layout, LayoutObject, Question


class AskAgainForm(PageForm):
    """A single button. `asks_pin` adds her PIN, if she has one and has not just given it."""

    button = _("Continue with these answers")

    pin = forms.CharField(
        label=_("PIN"),
        help_text=_("The 6 numbers you chose."),
        widget=forms.PasswordInput(attrs={"inputmode": "numeric", "autocomplete": "off"}),
        max_length=20,
        error_messages={
            "required": _("Enter your PIN, 6 numbers"),
            "max_length": _("PIN must be 6 numbers, like 402817"),
        },
    )

    def __init__(self, data: Mapping[str, Any] | None = None, *, asks_pin: bool) -> None:
        super().__init__(data)
        if not asks_pin:
            del self.fields["pin"]

    @property
    def entered_pin(self) -> str:
        return str(self.cleaned_data.get("pin", ""))

    def question(self) -> LayoutObject:
        page: LayoutObject = Layout(*([Question("pin", width="10")] if "pin" in self.fields else []))
        return page
