"""The form in which a requester proves again that it is her."""

from collections.abc import Mapping
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from bookings.manage.forms import PIN_INPUT
from walkandtalk.lib.govuk.forms import PageForm
from walkandtalk.lib.govuk.layout import Layout, LayoutObject, Question
from walkandtalk.lib.govuk.macros import Text


class ProofForm(PageForm):
    """The requester's PIN, asked for again even if she has just entered it. Without a PIN, a single button."""

    pin = forms.CharField(
        label=_("Your PIN"),
        help_text=_("The 6 numbers you chose. We’re asking again to make sure it’s you."),
        widget=PIN_INPUT,
        max_length=20,
        error_messages={"required": _("Enter your PIN, 6 numbers"), "max_length": _("PIN must be 6 numbers")},
    )
    # If her half hour is over, the PIN page carries this field along, so that she enters her PIN only once.
    proof = forms.CharField(widget=forms.HiddenInput, initial="again", required=False)

    def __init__(
        self,
        data: Mapping[str, Any] | None,
        *,
        asks_for_pin: bool,
        button: Text,
        is_warning: bool = False,
    ) -> None:
        super().__init__(data)
        self.button, self.button_style = button, "warning" if is_warning else ""
        if not asks_for_pin:
            del self.fields["pin"]

    def question(self) -> LayoutObject:
        page: LayoutObject = Layout(*([Question("pin", width="10")] if "pin" in self.fields else []))
        return page

    @property
    def entered_pin(self) -> str:
        """Return the PIN, or "" if the requester has none."""
        return str(self.cleaned_data.get("pin", ""))
