"""Forms that ask for a new password, or for the address to which we send a link."""

from typing import Any

from django import forms
from django.contrib.auth.forms import SetPasswordForm
from django.contrib.auth.hashers import make_password
from django.contrib.auth.password_validation import password_validators_help_texts

from accounts.password_tries.tries import hash_in_turn
from walkandtalk.lib.govuk.forms import PageForm


class NewPasswordForm(SetPasswordForm, PageForm):  # type: ignore[type-arg]  # generic only in the stubs
    """A new password, entered twice. The view saves it."""

    button = "Save your password"
    error_messages = {"password_mismatch": "Enter the new password again. The two were not the same."}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for field, label, missing in (
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

    def hash_new_password(self) -> str:
        """Return the hash to save. Raise TooBusy if too many others are waiting."""
        with hash_in_turn(self.user):
            return make_password(self.cleaned_data["new_password1"])


class ForgottenPasswordForm(PageForm):
    button = "Email me a link"

    email = forms.EmailField(
        label="Work email address",
        widget=forms.EmailInput(attrs={"autocomplete": "username"}),
        max_length=254,
        error_messages={
            "required": "Enter your work email address",
            "max_length": "Email address must be 254 characters or fewer",
        },
    )
