"""Forms for signing in and changing a password."""

from typing import Any

from django import forms
from django.contrib.auth.forms import AuthenticationForm
from django.contrib.auth.forms import PasswordChangeForm as DjangoPasswordChangeForm

from walkandtalk.lib.govuk.forms import PageForm


class SignInForm(AuthenticationForm, PageForm):
    """Shows one error for a wrong address and a wrong password, so that neither reveals who works here."""

    button = "Sign in"
    error_messages = {
        "invalid_login": "Enter the email address and password that you were given. Check both and try again.",
        "inactive": "Enter the email address and password that you were given. Check both and try again.",
    }

    username = forms.EmailField(
        label="Email address",
        widget=forms.EmailInput(attrs={"autocomplete": "username"}),
        error_messages={"required": "Enter your email address"},
    )
    password = forms.CharField(
        label="Password",
        strip=False,
        widget=forms.PasswordInput(attrs={"autocomplete": "current-password"}),
        error_messages={"required": "Enter your password"},
    )


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
