"""The form in which someone who is signed in enters their password again."""

from typing import Any

from django import forms

from accounts.password_tries.tries import count_if_wrong, try_while_signed_in
from boroughs.models.officers import Officer
from walkandtalk.lib.govuk.forms import PageForm

WRONG_PASSWORD = "Enter your password again. What you entered isn’t right."  # noqa: S105  # a sentence


class ConfirmPasswordForm(PageForm):
    """Raises TooManyTries or TooBusy instead of checking."""

    password = forms.CharField(
        label="Your password",
        strip=False,
        widget=forms.PasswordInput(attrs={"autocomplete": "current-password"}),
        error_messages={"required": "Enter your password"},
    )

    def __init__(self, *args: Any, user: Officer, **kwargs: Any) -> None:
        self.user = user
        super().__init__(*args, **kwargs)

    def clean_password(self) -> str:
        password = str(self.cleaned_data["password"])
        with count_if_wrong(try_while_signed_in(self.user)):
            if not self.user.check_password(password):
                raise forms.ValidationError(WRONG_PASSWORD, code="not_accepted")
        return password
