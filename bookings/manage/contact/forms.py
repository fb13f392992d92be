"""The forms with which a requester changes how we write to her."""

from collections.abc import Mapping
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from bookings.manage.contact.actions import UnsafeInbox
from bookings.models.bookings import Booking
from bookings.request_form.forms.contact import clean_new_pin_value
from bookings.statuses import Channel
from walkandtalk.lib.govuk.forms import PageForm
from walkandtalk.lib.govuk.layout import Layout, LayoutObject, Question

PIN_INPUT = forms.PasswordInput(attrs={"inputmode": "numeric", "autocomplete": "off"})


class AddressForm(PageForm):
    """The requester's correct address.

    `asks_pin` adds her PIN: on her page, if she has one and has not just given it.
    """

    button = _("Use this address")

    email = forms.EmailField(
        label=_("Email address"),
        max_length=254,
        error_messages={
            "required": _("Enter your email address"),
            "max_length": _("Email address must be 254 characters or fewer"),
        },
    )
    pin = forms.CharField(
        label=_("PIN"),
        help_text=_("The 6 numbers you chose. Without it, we’ll ask again if it was you."),
        widget=PIN_INPUT,
        max_length=20,
        required=False,
        error_messages={"max_length": _("PIN must be 6 numbers, like 402817")},
    )

    def __init__(self, data: Mapping[str, Any] | None = None, *, asks_pin: bool = False) -> None:
        super().__init__(data)
        if not asks_pin:
            del self.fields["pin"]

    @property
    def entered_pin(self) -> str:
        return str(self.cleaned_data.get("pin", ""))

    @property
    def address(self) -> str:
        return str(self.cleaned_data["email"])

    def question(self) -> LayoutObject:
        pin = [Question("pin", width="10")] if "pin" in self.fields else []
        page: LayoutObject = Layout(Question("email"), *pin)
        return page


class UnsafeInboxForm(PageForm):
    """The safer channel, and the PIN that the requester's page will ask for."""

    button = _("Stop those links now")
    button_style = "warning"

    channel = forms.TypedChoiceField(
        label=_("How may we write to you from now on?"),
        coerce=Channel,
        choices=[
            (Channel.DISCREET.value, _("Discreet email")),
            (Channel.NONE.value, _("Don’t email me")),
        ],
        widget=forms.RadioSelect,
        error_messages={"required": _("Select how we may write to you from now on")},
    )
    pin = forms.CharField(
        label=_("PIN"),
        widget=PIN_INPUT,
        max_length=20,
        error_messages={
            "required": _("Enter a PIN, 6 numbers"),
            "max_length": _("PIN must be 6 numbers, like 402817"),
        },
    )

    def __init__(self, data: Mapping[str, Any] | None = None, *, booking: Booking) -> None:
        super().__init__(data)
        self.chooses_pin = not booking.contact.pin_hmac
        self.fields["pin"].label = _("Choose a PIN") if self.chooses_pin else _("Your PIN")
        self.fields["pin"].help_text = (
            _("6 numbers that nobody near you can guess. From now on, your page will ask for them.")
            if self.chooses_pin
            else _("The 6 numbers you chose.")
        )

    def clean_pin(self) -> str:
        pin = str(self.cleaned_data["pin"])
        return clean_new_pin_value(pin) if self.chooses_pin else pin

    @property
    def entered_pin(self) -> str:
        return str(self.cleaned_data["pin"])

    def decision(self) -> UnsafeInbox:
        return UnsafeInbox(channel=self.cleaned_data["channel"], new_pin=self.entered_pin if self.chooses_pin else "")

    def question(self) -> LayoutObject:
        hints = {
            Channel.DISCREET.value: _("It only says that there’s news about an appointment."),
            Channel.NONE.value: _("You’ll look up our news with your reference and PIN."),
        }
        page: LayoutObject = Layout(Question("channel", hints=hints), Question("pin", width="10"))
        return page
