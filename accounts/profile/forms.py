"""The forms of one’s own account: the password, and keyboard shortcuts."""

from typing import Any

from django import forms
from django.contrib.auth.forms import PasswordChangeForm as DjangoPasswordChangeForm
from django.contrib.auth.hashers import make_password
from django.contrib.auth.password_validation import password_validators_help_texts

from accounts.password_tries.tries import count_if_wrong, hash_in_turn, try_while_signed_in
from walkandtalk.lib.govuk.forms import PageForm


class PasswordChangeForm(DjangoPasswordChangeForm, PageForm):
    """Raises TooManyTries or TooBusy instead of checking the old password. The view saves the new one."""

    button = "Change your password"
    error_messages = {
        "password_incorrect": "Enter the password you have now. What you entered is a different one.",
        "password_mismatch": "Enter the new password again. The two were not the same.",
    }

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
        self.fields["new_password1"].help_text = " ".join(password_validators_help_texts())

    def validate_password_for_user(self, user: Any, password_field_name: str = "new_password1") -> None:  # noqa: S107
        """Show the error of a refused password where it was entered first, not where it was entered again."""
        super().validate_password_for_user(user, "new_password1")

    def clean_old_password(self) -> str:
        with count_if_wrong(try_while_signed_in(self.user)):
            return str(super().clean_old_password())

    def hash_new_password(self) -> str:
        """Return the hash to save. Raise TooBusy if too many others are waiting."""
        with hash_in_turn(self.user):
            return make_password(self.cleaned_data["new_password1"])


class KeysForm(forms.Form):
    """The button that switches keyboard shortcuts on or off."""

    keys = forms.ChoiceField(choices=[("on", "On"), ("off", "Off")])

    @property
    def switches_on(self) -> bool:
        return bool(self.cleaned_data["keys"] == "on")
