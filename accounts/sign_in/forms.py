"""The form for signing in."""

from django import forms
from django.contrib.auth.forms import AuthenticationForm

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
