"""Questions about contacting the requester, and a PIN if others may read her messages."""

import re
from collections.abc import Mapping
from functools import cache
from typing import Any

import phonenumbers
from django import forms
from django.core.exceptions import ValidationError
from django.template.loader import render_to_string
from django.utils.safestring import SafeString
from django.utils.translation import get_language, gettext_lazy
from django.utils.translation import gettext as _

from bookings.notices import lock_screen
from bookings.notices.lock_screen import LockScreen
from bookings.request_form.forms.basics import NameForm, clean_name
from bookings.request_form.forms.question import QuestionForm
from bookings.request_form.questions import Answer
from bookings.statuses import Channel, PhoneRule
from walkandtalk.lib.govuk.layout import DefaultButton, Fold, Group, Layout, LayoutObject, Question, Reveal

FICTIONAL_NUMBERS = re.compile(r"7700900\d{3}")  # Ofcom reserves these for fiction, so training and the demo use them
DECREASING_DIGITS = "0987654321" * 2
INCREASING_DIGITS = "1234567890" * 2

PHONE_HINT = gettext_lazy("So we can contact you if something changes.")

CHANNELS = {
    Channel.FULL: gettext_lazy("Email with full details"),
    Channel.DISCREET: gettext_lazy("Discreet email"),
    Channel.NONE: gettext_lazy("Don’t email me"),
}


class ContactForm(QuestionForm):
    answers_to = "contact"
    template = "bookings/request_form/contact.html"

    channel = forms.ChoiceField(
        label=gettext_lazy("How may we email you?"),
        choices=list(CHANNELS.items()),
        widget=forms.RadioSelect,
        error_messages={"required": gettext_lazy("Select how we may email you")},
    )
    email = forms.EmailField(
        label=gettext_lazy("Email address"),
        help_text=gettext_lazy("Leave this empty if you chose “Don’t email me”."),
        max_length=254,
        required=False,
        error_messages={"max_length": gettext_lazy("Email address must be 254 characters or fewer")},
    )
    phone = forms.CharField(
        label=gettext_lazy("Phone number"),
        max_length=40,
        required=False,
        widget=forms.TextInput(attrs={"autocomplete": "tel", "inputmode": "tel", "spellcheck": "false"}),
        error_messages={"max_length": gettext_lazy("Phone number must be 40 characters or fewer")},
    )
    phone_rules = forms.MultipleChoiceField(
        label=gettext_lazy("What may we do with this number?"),
        choices=PhoneRule.choices,
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )
    phone_times = forms.CharField(
        label=gettext_lazy("When is it best, or not safe, to use it?"),
        help_text=gettext_lazy("For example, weekdays before 5pm."),
        max_length=200,
        required=False,
        error_messages={"max_length": gettext_lazy("Best times must be 200 characters or fewer")},
    )

    @property
    def lock_screens(self) -> list[tuple[str, LockScreen]]:
        return [(str(CHANNELS[channel]), screen) for channel, screen in lock_screen.lock_screens().items()]

    def question(self) -> LayoutObject:
        page: LayoutObject = Layout(
            Question("channel", hints=_lock_screen_examples()),
            Question("email", optional=False),
            Group(_("Phone, for the day of the walk (optional)"), *self._phone(), hint=PHONE_HINT),
        )
        return page

    def _phone(self) -> list[LayoutObject]:
        return [
            Question("phone", optional=False, width="20"),
            Question("phone_rules"),
            Question("phone_times", optional=False),
        ]

    def clean_phone(self) -> str:
        phone = str(self.cleaned_data["phone"])
        if phone and not _can_be_dialled(phone):
            raise ValidationError(_("Enter a phone number, like 07700 900123 or +44 7700 900123"))
        return phone

    def clean(self) -> dict[str, Any]:
        cleaned = self.cleaned_data
        wants_email = cleaned.get("channel") in (Channel.FULL, Channel.DISCREET)
        if wants_email and not cleaned.get("email") and "email" not in self.errors:
            self.add_error("email", _("Enter your email address, or choose “Don’t email me”"))
        if cleaned.get("phone") and not cleaned.get("phone_rules") and "phone_rules" not in self.errors:
            self.add_error("phone_rules", _("Select what we may do with your phone number"))
        return cleaned

    def answer(self) -> Answer:
        """Return the answer without contact details that the requester does not want us to use."""
        answer = dict(self.cleaned_data)
        if answer["channel"] == Channel.NONE:
            answer["email"] = ""
        if not answer["phone"]:
            answer |= {"phone_rules": [], "phone_times": ""}
        return answer


class ReachForm(ContactForm):
    """The requester's name, and how we reach her. The page shows the email box only once she has chosen email."""

    name = NameForm.base_fields["name"]
    field_order = ("channel", "email", "name")

    def begin_with(self, answer: Answer) -> dict[str, Any]:
        return {**answer, **(self.answers.get("name") or {})}

    def question(self) -> LayoutObject:
        page: LayoutObject = Layout(
            DefaultButton(),
            Question("channel", heading=True, hints=_lock_screen_pictures()),
            Reveal("wants-email", Question("email", optional=False, hint="")),
            Question("name", width="20"),
            Fold(
                _("Add a phone number for the day (optional)"),
                Group(PHONE_HINT, *self._phone(), size="s"),
                fields=("phone", "phone_rules", "phone_times"),
            ),
        )
        return page

    def clean_name(self) -> str:
        return clean_name(self.cleaned_data["name"])

    def answers_given(self) -> dict[str, Answer]:
        answer = self.answer()
        return {"name": {"name": answer.pop("name")}, "contact": answer}


class PinForm(QuestionForm):
    answers_to = "pin"

    pin = forms.CharField(
        label=gettext_lazy("Choose a PIN"),
        help_text=gettext_lazy(
            "6 numbers that nobody near you can guess, so not a birthday. You’ll need your PIN and your reference to "
            "read our answer. We can’t tell you the PIN later."
        ),
        max_length=20,
        widget=forms.PasswordInput(attrs={"inputmode": "numeric", "autocomplete": "off"}),
        error_messages={
            "required": gettext_lazy("Enter a PIN, 6 numbers"),
            "max_length": gettext_lazy("PIN must be 6 numbers, like 402817"),
        },
    )

    def question(self) -> LayoutObject:
        return Question("pin", heading=True, width="10")

    def clean_pin(self) -> str:
        return clean_new_pin_value(self.cleaned_data["pin"])


def clean_new_pin_value(typed: str) -> str:
    """Return the six digits of a new PIN. Raise ValidationError if they are malformed or easy to guess."""
    pin = "".join(typed.split())
    if not re.fullmatch(r"[0-9]{6}", pin):
        raise ValidationError(_("PIN must be 6 numbers, like 402817"))
    if _is_easy_to_guess(pin):
        raise ValidationError(_("Choose a PIN that is harder to guess, not like 123456 or 000000"))
    return pin


def _lock_screen_pictures() -> dict[str, SafeString]:
    return _pictures(get_language())


@cache
def _pictures(language: str | None) -> dict[str, SafeString]:
    what = {
        Channel.FULL: _("The email has the time, the place and who you’ll meet. You don’t need a PIN to read it."),
        Channel.DISCREET: _(
            "The email doesn’t mention us or a walk. You’ll read it on a page that needs a PIN. You’ll choose one next."
        ),
        Channel.NONE: _(
            "We won’t send anything. You’ll look up our answer with your reference and a PIN. You’ll choose one next."
        ),
    }
    return draw_locked_phones(what, lock_screen.lock_screens())


def draw_locked_phones(what: Mapping[Channel, str], screens: Mapping[Channel, LockScreen]) -> dict[str, SafeString]:
    """Return a picture of a locked phone for each channel, with what it would show of our emails."""
    return {
        channel.value: render_to_string(
            "bookings/request_form/locked_phone.html", {"what": text, "screen": screens.get(channel)}
        )
        for channel, text in what.items()
    }


def _lock_screen_examples() -> dict[str, str]:
    """Describe our emails on a locked phone in plain English, because someone else may see that screen."""
    screens = lock_screen.lock_screens()
    shows = _("Your screen will show: from “%(sender)s”, subject like “%(subject)s”. %(inside)s")
    inside = {
        Channel.FULL: _("All details are in the email."),
        Channel.DISCREET: _("You’ll read the details on a page that needs your PIN."),
    }
    return {
        channel.value: shows % {"sender": screen.sender, "subject": screen.usual_subject, "inside": inside[channel]}
        for channel, screen in screens.items()
    } | {Channel.NONE.value: _("We won’t send anything. You’ll look up our answer with your reference and PIN.")}


def _can_be_dialled(text: str) -> bool:
    try:
        number = phonenumbers.parse(text, "GB")
    except phonenumbers.NumberParseException:
        return False
    is_fiction = number.country_code == 44 and FICTIONAL_NUMBERS.fullmatch(str(number.national_number))
    return phonenumbers.is_valid_number(number) or bool(is_fiction)


def _is_easy_to_guess(pin: str) -> bool:
    """Return whether the digits are all the same, count up or down, or repeat two or three digits."""
    repeats = pin == pin[:2] * 3 or pin == pin[:3] * 2
    return repeats or pin in INCREASING_DIGITS or pin in DECREASING_DIGITS
