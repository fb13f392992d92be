"""Questions about a place, for someone who asks for no walk, and the forms of her page."""

import datetime
import uuid
from collections.abc import Mapping
from functools import cache
from typing import Any

from django import forms
from django.utils.safestring import SafeString
from django.utils.translation import get_language, gettext_lazy
from django.utils.translation import gettext as _

from bookings.manage.forms import PIN_INPUT
from bookings.notices.lock_screen import lock_screens
from bookings.request_form.forms.area import AreaForm
from bookings.request_form.forms.contact import CHANNELS, clean_new_pin_value, draw_locked_phones
from bookings.request_form.forms.robots import RobotTrap
from bookings.statuses import Channel
from feedback.place_reports.actions import ContactChoice
from feedback.reports.forms import ConcernForm, MapStart, feeling_now
from walkandtalk.lib.govuk.forms import PageForm
from walkandtalk.lib.govuk.layout import Fold, Group, Layout, LayoutObject, Question, Reveal

WHEN = ("light", "time_of_day", "how_often")
EMAIL_CHANNELS, PIN_CHANNELS = (Channel.FULL, Channel.DISCREET), (Channel.DISCREET, Channel.NONE)


class PlaceAreaForm(AreaForm):
    """The area in which the place is, found as for a walk."""

    place = forms.CharField(
        label=gettext_lazy("Where is the place?"),
        help_text=gettext_lazy("Type a place, station, park, borough or postcode. Next we’ll ask for the exact spot."),
        max_length=100,
        widget=forms.TextInput(attrs={"autocomplete": "off", "spellcheck": "false", "list": "places"}),
        error_messages={
            "required": gettext_lazy("Enter a place, like Peckham, or a postcode"),
            "max_length": gettext_lazy("Place must be 100 characters or fewer"),
        },
    )


class PlaceReportForm(RobotTrap, ConcernForm):
    """All questions on one page, so that nothing has to be kept before she presses “Send”."""

    button = gettext_lazy("Send")

    place_missing_error = gettext_lazy("Enter where it is")

    safe_place = None  # type: ignore[assignment]  # so Django leaves out a question of the form above
    before = feeling_now(gettext_lazy("How safe do you feel there?"))
    channel = forms.ChoiceField(
        label=gettext_lazy("How may we tell you what came of it?"),
        choices=list(CHANNELS.items()),
        widget=forms.RadioSelect,
        error_messages={"required": gettext_lazy("Select how we may tell you what came of it")},
    )
    email = forms.EmailField(
        label=gettext_lazy("Email address"),
        max_length=254,
        required=False,
        error_messages={"max_length": gettext_lazy("Email address must be 254 characters or fewer")},
    )
    pin = forms.CharField(
        label=gettext_lazy("Choose a PIN"),
        help_text=gettext_lazy(
            "6 numbers that nobody near you can guess, so not a birthday. You’ll need your PIN and your reference to "
            "read our answer. We can’t tell you the PIN later."
        ),
        max_length=20,
        required=False,
        # Shown again after an error elsewhere on the page, so that she need not choose another.
        widget=forms.PasswordInput(render_value=True, attrs={"inputmode": "numeric", "autocomplete": "off"}),
        error_messages={"max_length": gettext_lazy("PIN must be 6 numbers, like 402817")},
    )

    def __init__(
        self, data: Mapping[str, Any] | None = None, *, map_start: MapStart | None, now: datetime.datetime
    ) -> None:
        self.now = now
        submission = uuid.uuid4()
        initial = {"submission": submission, "rendered": self.stamp(str(submission))}
        super().__init__(data, map_start=map_start, initial=initial)

    @property
    def stamped_for(self) -> str:
        return str(self.cleaned_data.get("submission", ""))

    def question(self) -> LayoutObject:
        layout: LayoutObject = Layout(
            self.honeypot,
            Group(_("What worries you there?"), *self.kinds_questions(), hint=_("Select all that apply.")),
            Group(_("Where and when?"), *self._where_and_when()),
            Question("before", small=True, optional=False),
            Question("text", rows=5, hint=_("Don’t name people or say what they look like."), optional=False),
            Question(
                "consent",
                small=True,
                optional=False,
                hint=_("The council or Transport for London may be able to mend it. We won’t tell them who you are."),
            ),
            Question("channel", hints=_pictures(get_language())),
            Reveal("wants-email", Question("email", optional=False)),
            Reveal("wants-pin", Question("pin", optional=False, width="10")),
        )
        return layout

    def _where_and_when(self) -> list[LayoutObject]:
        hint = _(
            "A street, a stop or a spot we can find, like the path behind the library. If a street light is out, the "
            "number on its post helps."
        )
        return [
            Question("place", label=_("Where is it?"), hint=hint, optional=False),
            *self.map(),
            Fold(
                _("When is it like this? (optional)"),
                Question("light", label=_("What’s the light like?"), small=True, optional=False),
                Question("time_of_day", label=_("What time of day is it?"), small=True, optional=False),
                Question("how_often", small=True, optional=False),
                fields=WHEN,
            ),
        ]

    def clean_pin(self) -> str:
        pin, channel = str(self.cleaned_data["pin"]), self.cleaned_data.get("channel")
        if channel not in PIN_CHANNELS:
            return ""
        if not pin:
            raise forms.ValidationError(_("Enter a PIN, 6 numbers"))
        return clean_new_pin_value(pin)

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean()
        channel = cleaned.get("channel")
        if channel == Channel.NONE:
            cleaned["email"] = ""
            self.errors.pop("email", None)  # the page hides the box
        elif channel and not cleaned.get("email") and "email" not in self.errors:
            self.add_error("email", _("Enter your email address, or choose “Don’t email me”"))
        if not self.errors:
            self.check_robot()
        return cleaned

    def contact_choice(self) -> ContactChoice:
        said = self.cleaned_data
        return ContactChoice(channel=Channel(said["channel"]), email=said["email"], pin=said["pin"])


class FindReportForm(PageForm):
    reference = forms.CharField(
        label=gettext_lazy("Reference"),
        help_text=gettext_lazy("13 letters and numbers, like K7QX-M2PD-9TRWE."),
        widget=forms.TextInput(attrs={"autocomplete": "off", "spellcheck": "false"}),
        max_length=40,
        error_messages={"required": gettext_lazy("Enter your reference")},
    )
    pin = forms.CharField(
        label=gettext_lazy("PIN"),
        help_text=gettext_lazy("The 6 numbers you chose."),
        widget=PIN_INPUT,
        max_length=20,
        error_messages={"required": gettext_lazy("Enter your PIN, 6 numbers")},
    )

    def question(self) -> LayoutObject:
        page: LayoutObject = Layout(Question("reference", width="20"), Question("pin", width="10"))
        return page


class StopForm(PageForm):
    """A single button: we ask for no reason."""

    button = gettext_lazy("Stop all messages")
    button_style = "warning"


class DeleteForm(PageForm):
    """A single button: we ask for no reason."""

    button = gettext_lazy("Delete what I told you")
    button_style = "warning"


@cache
def _pictures(language: str | None) -> dict[str, SafeString]:
    what = {
        Channel.FULL: _("The email says what came of it. You don’t need a PIN to read it."),
        Channel.DISCREET: _("The email doesn’t mention us or the place. You’ll read it on a page that needs a PIN."),
        Channel.NONE: _("We won’t send anything. You’ll look up our answer with your reference and a PIN."),
    }
    return draw_locked_phones(what, lock_screens("concern_answered"))
