"""The form that an operator fills in during the call."""

from django import forms
from django.core.exceptions import ValidationError

from bookings.control_room.actions import Asked
from boroughs.models.officers import SHOULDER_NUMBER
from walkandtalk.lib import tokens
from walkandtalk.lib.govuk.forms import PageForm, SearchInput
from walkandtalk.lib.govuk.layout import Layout, LayoutObject, Question
from walks.phrases import fold_phrase

NEITHER = "Enter a reference, like K7QX-M2PD-9TRWE, or a shoulder number, like 123AS"
NO_WORDS = "Enter the words that the officer said, like “blue kettle”"


class CheckForm(PageForm):
    button = "Check"

    number = forms.CharField(
        label="Reference or shoulder number",
        help_text="Like K7QX-M2PD-9TRWE or 123AS. Spaces, dashes and small letters are fine.",
        max_length=40,
        widget=SearchInput,
        error_messages={"required": NEITHER, "max_length": NEITHER},
    )
    words = forms.CharField(
        label="Words that the officer said",
        help_text="Two words, like “blue kettle”. Not the caller’s reply.",
        max_length=80,
        widget=SearchInput,
        error_messages={"required": NO_WORDS, "max_length": NO_WORDS},
    )

    def __init__(self, *args: object, **kwargs: object) -> None:
        super().__init__(*args, **kwargs)  # type: ignore[arg-type]
        if not self.is_bound:  # after a mistake, the summary of errors has the focus
            self.fields["number"].widget.attrs["autofocus"] = True

    def question(self) -> LayoutObject:
        return Layout(Question("number", width="20"), Question("words", width="20"))

    def clean_number(self) -> str:
        text = str(self.cleaned_data["number"])
        if not (_shoulder_number(text) or tokens.normalise_reference(text)):
            raise ValidationError(NEITHER)
        return text

    def clean_words(self) -> str:
        text = str(self.cleaned_data["words"])
        if not fold_phrase(text):
            raise ValidationError(NO_WORDS)
        return text

    def asked(self) -> Asked:
        shoulder_number = _shoulder_number(self.cleaned_data["number"])
        return Asked(
            shoulder_number=shoulder_number,
            reference="" if shoulder_number else tokens.normalise_reference(self.cleaned_data["number"]),
            words=self.cleaned_data["words"],
        )


def _shoulder_number(text: str) -> str:
    """Return the shoulder number as stored, or "" if it can't be one. A reference is far longer."""
    number = "".join(character for character in text.upper() if character.isalnum())
    return number if SHOULDER_NUMBER.match(number) else ""
