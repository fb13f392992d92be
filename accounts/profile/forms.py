"""The forms of one’s own account: the password, and keyboard shortcuts."""

from typing import Any

from django import forms
from django.contrib.auth.forms import PasswordChangeForm as DjangoPasswordChangeForm

from walkandtalk.lib.govuk.forms import PageForm


class PasswordChangeForm(DjangoPasswordChangeForm, PageForm):
    button = "Change your password"

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for field, label, missing in (
            ("old_password", "The password you have now", "Enter the password you have now"),
            ("new_password1", "New password", "Enter a new password"),
            ("new_password2", "New password again", "Enter the new password again"),
        ):
            self.fields[field].label = label
            self.fields[field].help_text = ""
            self.fields[field].error_messages["required"] = missing
        self.fields["new_password1"].help_text = "At least 12 characters. Three words of your own are good."


class KeysForm(forms.Form):
    """The button that switches keyboard shortcuts on or off."""

    keys = forms.ChoiceField(choices=[("on", "On"), ("off", "Off")])

    @property
    def switches_on(self) -> bool:
        return bool(self.cleaned_data["keys"] == "on")
