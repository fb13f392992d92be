"""The box in the bar of every staff page."""

from django import forms
from django.core.exceptions import ValidationError

from bookings.triage.search.hits import SHORTEST_PART
from walkandtalk.lib.govuk.forms import SearchForm, SearchInput
from walkandtalk.lib.govuk.layout import LayoutObject, Question
from walkandtalk.lib.words import folded_words

SHORTEST = 2
TOO_SHORT = f"Enter at least {SHORTEST} letters of a name or place, or {SHORTEST_PART} characters of a reference"


class BookingSearchForm(SearchForm):
    words = forms.CharField(
        label="Search bookings",
        help_text="Part of a reference, a first name, words of the meeting place, a ward, a borough or an officer",
        max_length=80,
        widget=SearchInput,
        error_messages={
            "required": "Enter a reference, a first name, a place or an officer",
            "max_length": "Enter at most 80 characters",
        },
    )

    def clean_words(self) -> str:
        text = str(self.cleaned_data["words"])
        if len("".join(folded_words(text))) < SHORTEST:
            raise ValidationError(TOO_SHORT)
        return text

    def question(self) -> LayoutObject:
        return Question("words", heading=True, size="l")
