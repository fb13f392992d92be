"""The form with which a requester writes to her team."""

from django import forms
from django.utils.translation import gettext_lazy as _

from walkandtalk.lib.govuk.forms import PageForm
from walkandtalk.lib.govuk.layout import LayoutObject, Question


class MessageTeamForm(PageForm):
    button = _("Send the message")

    words = forms.CharField(
        label=_("Your message"),
        help_text=_("500 characters at most."),
        max_length=500,
        widget=forms.Textarea(attrs={"autocomplete": "off"}),
        error_messages={"required": _("Enter your message")},
    )

    @property
    def message(self) -> str:
        return str(self.cleaned_data["words"])

    def question(self) -> LayoutObject:
        return Question("words", rows=5)
