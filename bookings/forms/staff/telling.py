"""Where to write to her, when what we wrote did not arrive."""

from django import forms

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
