"""The form that an inspector completes before a PIN is read out."""

from django import forms

from walkandtalk.lib.govuk.forms import PageForm


class ResetPinForm(PageForm):
    button = "Make a PIN to read out to her"

    spoken = forms.BooleanField(
        label="I rang the number that she gave, and I am speaking with her",
        error_messages={"required": "Ring her first: a PIN opens everything that she told us"},
    )
