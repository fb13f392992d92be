import base64
import json
from uuid import UUID

from django import forms
from django.http import QueryDict
from django.utils.translation import gettext_lazy as _

from bookings.request_form.forms.contact import clean_new_pin_value
from walkandtalk.lib.encryption import DecryptionError, decrypt, encrypt
from walkandtalk.lib.govuk.forms import PageForm
from walkandtalk.lib.govuk.layout import Layout, LayoutObject, Question

PIN_INPUT = forms.TextInput(attrs={"inputmode": "numeric", "autocomplete": "off", "spellcheck": "false"})
EXCLUDED_FIELDS = ("pin", "new_pin", "kept", "csrfmiddlewaretoken")


class InterruptingForm(PageForm):
    """A form that asks for a PIN. If it interrupts another form, it carries that form's answers along, encrypted.

    Until the PIN is given, nobody who reads the page may learn what the requester typed, or what she was asked.
    """

    asked: str
    kept = forms.CharField(widget=forms.HiddenInput, required=False)

    def __init__(self, data: QueryDict, *, booking: UUID) -> None:
        self.typed = _decrypt_entered(str(data["kept"]), booking) if "kept" in data else _entered_values(data)
        kept = _encrypt_entered(self.typed, booking) if self.typed else ""
        asked = {self.asked: data[self.asked], "kept": kept} if self.asked in data else None
        super().__init__(asked, initial={"kept": kept})
        if not kept:
            del self.fields["kept"]

    def question(self) -> LayoutObject:
        return Question(self.asked, heading=True, width="10")


def _entered_values(data: QueryDict) -> QueryDict:
    typed = data.copy()
    for name in EXCLUDED_FIELDS:
        typed.pop(name, None)
    return typed


def _encrypt_entered(typed: QueryDict, booking: UUID) -> str:
    return base64.urlsafe_b64encode(encrypt(json.dumps(list(typed.lists())), place=_page_of(booking))).decode()


def _decrypt_entered(kept: str, booking: UUID) -> QueryDict:
    """Decrypt the answers typed on this booking's page. Ignore anything that we did not encrypt ourselves."""
    typed = QueryDict(mutable=True)
    try:
        lists = json.loads(decrypt(base64.urlsafe_b64decode(kept), place=_page_of(booking)))
    except (DecryptionError, ValueError):
        lists = []
    for name, values in lists:
        typed.setlist(name, values)
    return typed


def _page_of(booking: UUID) -> str:
    return f"typed.page.{booking}"


class PinForm(InterruptingForm):
    asked = "pin"
    pin = forms.CharField(
        label=_("What is your PIN?"),
        help_text=_("The 6 numbers you chose."),
        widget=PIN_INPUT,
        max_length=20,
        error_messages={"required": _("Enter your PIN, 6 numbers")},
    )


class NewPinForm(InterruptingForm):
    """The requester's new PIN, in place of the one that we read out to her."""

    asked = "new_pin"
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
        return clean_new_pin_value(str(self.cleaned_data["new_pin"]))


class FindBookingForm(PageForm):
    reference = forms.CharField(
        label=_("Reference"),
        help_text=_("13 letters and numbers, like K7QX-M2PD-9TRWE."),
        widget=forms.TextInput(attrs={"autocomplete": "off", "spellcheck": "false"}),
        max_length=40,
        error_messages={"required": _("Enter your reference")},
    )
    pin = forms.CharField(
        label=_("PIN"),
        help_text=_("If you have one. Without it, we’ll send a new link to the email address you gave us."),
        widget=PIN_INPUT,
        max_length=20,
        required=False,
    )

    def question(self) -> LayoutObject:
        page: LayoutObject = Layout(Question("reference", width="20"), Question("pin", width="10"))
        return page

    @property
    def given_reference(self) -> str:
        return str(self.cleaned_data["reference"])

    @property
    def given_pin(self) -> str:
        return str(self.cleaned_data["pin"])


class AcknowledgeForm(forms.Form):
    """The version of the news that the requester acknowledges."""

    version = forms.IntegerField(min_value=1)

    @property
    def shown_version(self) -> int:
        return int(self.cleaned_data["version"])


class StopMessagesForm(PageForm):
    """A single button: we ask for no reason."""

    button = _("Stop all messages")
    button_style = "warning"


class CancelForm(PageForm):
    """A single button: we ask for no reason."""

    button = _("Yes, cancel it")
    button_style = "warning"
