"""The form for signing in."""

from typing import Any

from django import forms
from django.contrib.auth.forms import AuthenticationForm
from django.contrib.auth.hashers import make_password

from accounts.force_sign_in.rules import can_break_glass
from accounts.password_tries.tries import count_if_wrong, try_to_sign_in
from accounts.security_log import find_account
from boroughs.models.officers import Officer
from walkandtalk.lib.govuk.forms import PageForm


class SignInForm(AuthenticationForm, PageForm):
    """Shows one error for a wrong address and a wrong password, so that neither reveals who works here.

    `has_both` says whether there was a name and a password to check, and `account` whose name it is. It raises
    TooManyTries or TooBusy instead of checking.
    """

    button = "Sign in"
    error_messages = {
        "invalid_login": "Check your email address and password. One of them isn’t right.",
        "inactive": "Check your email address and password. One of them isn’t right.",
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

    has_both = False
    account: Officer | None = None

    def clean(self) -> dict[str, Any]:
        name, password = self.cleaned_data.get("username", ""), self.cleaned_data.get("password")
        self.has_both = bool(name and password)
        if not self.has_both:
            return self.cleaned_data
        assert self.request is not None  # noqa: S101  # the page always gives it
        self.account = find_account(name)
        with count_if_wrong(try_to_sign_in(self.request, name, self.account)):
            return self.check_password()

    def check_password(self) -> dict[str, Any]:
        return super().clean()


class BreakGlassForm(SignInForm):
    """Checks the password of the one administrator who has to get in when the force's sign-in is down.

    For everyone else it hashes as much, so that the time doesn't tell whose account it is, and shows the same error.
    """

    def check_password(self) -> dict[str, Any]:
        if not can_break_glass(self.account):
            make_password(self.cleaned_data["password"])
            raise self.get_invalid_login_error()
        return super().check_password()
