from collections.abc import Mapping

from django import forms
from django.http import QueryDict
from django.utils.translation import gettext_lazy as _

from bookings.forms.contact import good_pin
from walkandtalk.lib.govuk.forms import PageForm
from walkandtalk.lib.govuk.layout import LayoutObject, Question

PIN_INPUT = forms.TextInput(attrs={"inputmode": "numeric", "autocomplete": "off", "spellcheck": "false"})


class Carried(forms.Field):
    """Answers to another form, unseen."""

    widget = hidden_widget = forms.MultipleHiddenInput


class PinForm(PageForm):
    """Asked in the middle of something else, it carries along what she had typed there."""

    pin = forms.CharField(
        label=_("What is your PIN?"),
        help_text=_("The 6 numbers that you chose."),
        widget=PIN_INPUT,
        max_length=20,
        error_messages={"required": _("Enter your PIN, 6 numbers")},
    )

    def __init__(self, data: QueryDict | None = None, *, typed: Mapping[str, list[str]]) -> None:
        super().__init__(data)
        for name, values in typed.items():
            self.fields[name] = Carried(required=False, initial=values)

    def question(self) -> LayoutObject:
        return Question("pin", heading=True, width="10")


class NewPinForm(PageForm):
    """In place of the one that we read out to her."""

    new_pin = forms.CharField(
        label=_("Choose a new PIN"),
        help_text=_("6 numbers that nobody near you can guess, so not a birthday. Only you know them."),
        widget=forms.PasswordInput(attrs={"inputmode": "numeric", "autocomplete": "off"}),
        max_length=20,
        error_messages={
            "required": _("Enter a PIN, 6 numbers"),
            "max_length": _("PIN must be 6 numbers, like 402817"),
        },
    )

    def clean_new_pin(self) -> str:
        return good_pin(str(self.cleaned_data["new_pin"]))

    def question(self) -> LayoutObject:
        return Question("new_pin", heading=True, width="10")


class FindForm(PageForm):
    reference = forms.CharField(
        label=_("Reference"),
        help_text=_("13 letters and numbers, like K7QX-M2PD-9TRWE."),
        widget=forms.TextInput(attrs={"autocomplete": "off", "spellcheck": "false"}),
        max_length=40,
        error_messages={"required": _("Enter your reference")},
    )
    pin = forms.CharField(
        label=_("PIN"),
        help_text=_("If you chose one. Without it we send the link again to the email address you gave us."),
        widget=PIN_INPUT,
        max_length=20,
        required=False,
    )


class SeenForm(forms.Form):
    """Which version of the news she had before her."""

    version = forms.IntegerField(min_value=1)


class StopForm(PageForm):
    """One press, no reason asked."""

    button = _("Stop all messages")
    button_style = "warning"


class CancelForm(PageForm):
    """One press, no reason asked."""

    button = _("Yes, cancel it")
    button_style = "warning"
