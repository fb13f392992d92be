"""The forms of one’s own account: the password, and keyboard shortcuts."""

from typing import Any

from django import forms
from django.contrib.auth.forms import PasswordChangeForm as DjangoPasswordChangeForm

from accounts.new_passwords.forms import NewPasswordForm
from accounts.password_tries.tries import count_if_wrong, try_while_signed_in


class PasswordChangeForm(NewPasswordForm, DjangoPasswordChangeForm):
    """Raises TooManyTries or TooBusy instead of checking the old password. The view saves the new one."""

    button = "Change your password"
    error_messages = {
        **NewPasswordForm.error_messages,
        "password_incorrect": "Enter the password you have now. What you entered isn’t right.",
    }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["old_password"].label = "The password you have now"
        self.fields["old_password"].error_messages["required"] = "Enter the password you have now"

    def clean_old_password(self) -> str:
        with count_if_wrong(try_while_signed_in(self.user)):
            return str(super().clean_old_password())


class KeysForm(forms.Form):
    """The button that switches keyboard shortcuts on or off."""

    keys = forms.ChoiceField(choices=[("on", "On"), ("off", "Off")])

    @property
    def switches_on(self) -> bool:
        return bool(self.cleaned_data["keys"] == "on")
