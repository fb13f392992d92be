"""The reason for a file of lines."""

from django import forms
from django.core.exceptions import ValidationError

from walkandtalk.lib.govuk.forms import PageForm
from walkandtalk.lib.govuk.layout import LayoutObject, Question

LONGEST_REASON = 200


def one_line(text: str) -> str:
    """Return the text without outer spaces. Raise ValidationError if it has more than one line."""
    text = text.strip()
    if not text.isprintable():
        raise ValidationError("Enter the reason in one line")
    return text


class DownloadForm(PageForm):
    button = "Download"

    reason = forms.CharField(
        label="Why do you need a file?",
        help_text="In one line. It is kept in the security log. Don’t name a requester.",
        max_length=LONGEST_REASON,
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
        error_messages={"required": "Enter why you need a file"},
    )

    def clean_reason(self) -> str:
        return one_line(self.cleaned_data["reason"])

    def question(self) -> LayoutObject:
        return Question("reason")
