"""The forms for claims and colleague notes."""

from django import forms
from django.http import QueryDict

from walkandtalk.lib.govuk.forms import PageForm
from walkandtalk.lib.govuk.layout import LayoutObject, Question


class ClaimForm(forms.Form):
    """The claim that the page showed when the inspector pressed the button."""

    claimed_by_id = forms.IntegerField(min_value=1, max_value=2**31, required=False)

    @classmethod
    def read(cls, data: QueryDict) -> int | None:
        form = cls(data)
        return form.cleaned_data["claimed_by_id"] if form.is_valid() else None


class ColleagueNoteForm(PageForm):
    button = "Save note"

    note = forms.CharField(
        label="Note to your colleagues",
        help_text="Only inspectors of your team read it. It’s deleted with her details.",
        max_length=1000,
        widget=forms.Textarea,
        error_messages={"required": "Enter the note"},
    )

    @property
    def words(self) -> str:
        return str(self.cleaned_data["note"])

    def question(self) -> LayoutObject:
        return Question("note", rows=5)
