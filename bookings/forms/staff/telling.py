"""What did not arrive: which of it is shown, and where to write to her instead."""

from django import forms
from django.http import QueryDict

from walkandtalk.lib.govuk.forms import PageForm
from walkandtalk.lib.govuk.layout import Layout, LayoutObject, Question


class AddressForm(PageForm):
    button = "Correct it and send her the news"

    email = forms.EmailField(
        label="Her email address",
        help_text="As she spells it herself, or as it is on file if that was right.",
        max_length=254,
        widget=forms.EmailInput(attrs={"autocomplete": "off"}),
        error_messages={
            "required": "Enter her email address",
            "max_length": "Email address must be 254 characters or fewer",
        },
    )
    from_her = forms.BooleanField(
        label="She gave me this address herself",
        error_messages={"required": "Ask her first: whoever has this address will read when and where she walks"},
    )

    def question(self) -> LayoutObject:
        layout: LayoutObject = Layout(Question("email"), Question("from_her"))
        return layout


class NotToldForm(forms.Form):
    """All lists, or one of them from some page on. What cannot be read in the address is left out."""

    LISTS = {"women": "To women", "officers": "To officers", "teams": "To the team"}
    LAST_PAGE = 100

    show = forms.ChoiceField(choices=list(LISTS.items()), required=False)
    page = forms.IntegerField(min_value=1, max_value=LAST_PAGE, required=False)

    def __init__(self, data: QueryDict) -> None:
        super().__init__(data)
        self.full_clean()

    @property
    def shown(self) -> str:
        """The one list that is shown, or nothing where all are."""
        return self.cleaned_data.get("show") or ""

    @property
    def page_number(self) -> int:
        return (self.cleaned_data.get("page") or 1) if self.shown else 1

    def shows(self, name: str) -> bool:
        return self.shown in ("", name)
