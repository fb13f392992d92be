"""The forms of second factors: an answer of a device, a code, and names for passkeys."""

from typing import Any

from allauth.mfa.base.forms import AuthenticateForm, ReauthenticateForm
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal.auth import validate_totp_code
from allauth.mfa.webauthn.forms import (
    AddWebAuthnForm,
    AuthenticateWebAuthnForm,
    LoginWebAuthnForm,
    ReauthenticateWebAuthnForm,
)
from allauth.mfa.webauthn.internal.auth import complete_authentication
from django import forms
from django.core.exceptions import ValidationError

from accounts.second_factor.passkeys import (
    check_place_and_person,
    find_claimed_account,
    note_sign_count,
    read_answer,
    read_new_passkey,
    refuse,
)
from accounts.second_factor.state import has_app
from accounts.second_factor.tries import count_confirmation
from boroughs.models.officers import Officer
from walkandtalk.lib.govuk.forms import PageForm
from walkandtalk.lib.govuk.layout import LayoutObject, Question

NO_ANSWER = "Press the button, then follow what your device asks. It has sent us nothing yet."
WRONG_CODE = "Enter the 6-digit code that your app shows now. What you entered isn’t right, or was used before."
ENDED_KEY = "Scan the new QR code on this page, then enter the 6 digits. The one before has ended."
WRONG_CODE_OF_EITHER = (
    "Enter the 6-digit code that your app shows now, or a recovery code that you haven’t used. "
    "What you entered isn’t right."
)
WRONG_RECOVERY_CODE = "Enter a recovery code that you haven’t used. What you entered isn’t right."
WRONG = {"incorrect_code", "not_accepted"}
"""Codes of the errors that count as a wrong try."""
TOO_MANY = {"too_many_login_attempts", "rate_limited"}


def was_wrong(form: forms.Form) -> bool:
    return bool(_codes(form) & WRONG)


def was_one_too_many(form: forms.Form) -> bool:
    return bool(_codes(form) & TOO_MANY)


def _codes(form: forms.Form) -> set[str | None]:
    return {error.code for errors in form.errors.as_data().values() for error in errors}


class DeviceAnswer(forms.Form):
    """The answer of a device is one hidden field, so its errors belong to the whole form."""

    def add_error(self, field: str | None, error: Any) -> None:
        if field == "credential":
            field = None
            self.cleaned_data.pop("credential", None)
        super().add_error(field, error)


class AnswerField(forms.JSONField):
    widget = forms.HiddenInput
    default_error_messages = {"required": NO_ANSWER, "invalid": NO_ANSWER}

    def to_python(self, value: Any) -> Any:
        try:
            return super().to_python(value)
        except (RecursionError, ValueError) as error:  # thousands of brackets, or a number of thousands of digits
            raise ValidationError(NO_ANSWER, code="invalid") from error


def _name_field() -> forms.CharField:
    return forms.CharField(
        label="Name of this passkey",
        help_text="So that you can tell your passkeys apart, such as “Work phone”",
        max_length=40,
        error_messages={
            "required": "Enter a name for this passkey",
            "max_length": "Enter a shorter name, of 40 characters or fewer",
        },
    )


class AddPasskeyForm(DeviceAnswer, AddWebAuthnForm, PageForm):
    passwordless = None  # type: ignore[assignment]  # every passkey of ours works as the only step
    name = _name_field()
    credential = AnswerField()

    def clean_name(self) -> str:
        return str(self.cleaned_data["name"])

    def clean_credential(self) -> Any:
        credential = self.cleaned_data["credential"]
        response = read_new_passkey(credential).response
        check_place_and_person(response.client_data, response.attestation_object.auth_data)
        return credential


class RenamePasskeyForm(PageForm):
    button = "Save"
    name = _name_field()


class PasskeyAnswerForm(DeviceAnswer):
    """Checks on every page what django-allauth checks on some: our page, the person, and the count of the key.

    django-allauth comes first, because it counts wrong tries. Only someone who has the key gets as far as our checks.
    """

    def clean_credential(self) -> Authenticator:
        response = read_answer(self.cleaned_data["credential"]).response
        passkey: Authenticator = super().clean_credential()  # type: ignore[misc]
        device = response.authenticator_data
        check_place_and_person(response.client_data, device)
        if not note_sign_count(passkey, device.counter):
            raise refuse()
        return passkey


class SignInPasskeyForm(PasskeyAnswerForm, LoginWebAuthnForm, PageForm):
    """`account` is whose passkey it claims to be."""

    credential = AnswerField()
    account: Officer | None = None

    def clean_credential(self) -> Authenticator:
        self.account = find_claimed_account(self.cleaned_data["credential"])
        return super().clean_credential()


class SecondStepPasskeyForm(PasskeyAnswerForm, AuthenticateWebAuthnForm, PageForm):
    credential = AnswerField()


class _CountsConfirmations(ReauthenticateWebAuthnForm):
    """Checks what django-allauth does. It would count wrong tries together with those of the second step."""

    def clean_credential(self) -> Authenticator:
        forget_wrong_tries = count_confirmation(self.user)
        passkey: Authenticator = complete_authentication(self.user, self.cleaned_data["credential"])
        forget_wrong_tries()
        return passkey


class ConfirmPasskeyForm(PasskeyAnswerForm, _CountsConfirmations, PageForm):
    credential = AnswerField()


def _code_field(label: str, missing: str, **attrs: str) -> forms.CharField:
    attrs = {"autocomplete": "one-time-code", "inputmode": "numeric", "spellcheck": "false", **attrs}
    return forms.CharField(
        label=label,
        max_length=40,
        widget=forms.TextInput(attrs=attrs),
        error_messages={"required": missing},
    )


class AddAppForm(PageForm):
    """The first code of an app. django-allauth's form would keep the secret in the session as it is.

    If the secret `is_new`, the person has not seen it yet.
    """

    button = "Add this app"
    code = _code_field("6-digit code from your app", "Enter the 6-digit code that your app shows now")

    def __init__(self, *args: Any, user: Officer, secret: str, is_new: bool, **kwargs: Any) -> None:
        self.user, self.secret, self.is_new = user, secret, is_new
        super().__init__(*args, **kwargs)

    def question(self) -> LayoutObject:
        return Question("code", width="10")

    def clean_code(self) -> str:
        if self.is_new:
            raise ValidationError(ENDED_KEY, code="ended_key")
        forget_wrong_tries = count_confirmation(self.user)
        code = str(self.cleaned_data["code"])
        if not validate_totp_code(self.secret, code):
            raise ValidationError(WRONG_CODE, code="not_accepted")
        forget_wrong_tries()
        return code


class CodeForm(PageForm):
    """Asks someone without an app for a recovery code alone."""

    code = _code_field(
        "Code from your authenticator app, or a recovery code",
        "Enter the code from your authenticator app, or a recovery code",
    )

    def __init__(self, *args: Any, user: Officer, **kwargs: Any) -> None:
        super().__init__(*args, user=user, **kwargs)
        self.has_app = has_app(user)
        if not self.has_app:
            self.fields["code"].label = "Recovery code"
            self.fields["code"].error_messages["required"] = "Enter a recovery code"

    @property
    def wrong_code(self) -> str:
        return WRONG_CODE_OF_EITHER if self.has_app else WRONG_RECOVERY_CODE

    def question(self) -> LayoutObject:
        return Question("code", width="10")


class SecondStepCodeForm(CodeForm, AuthenticateForm):
    def clean_code(self) -> str:
        try:
            return str(super().clean_code())
        except ValidationError as error:
            if error.code in WRONG:
                raise ValidationError(self.wrong_code, code=error.code) from error
            raise


class ConfirmCodeForm(CodeForm, ReauthenticateForm):
    """`authenticator` is what the code was of."""

    def clean_code(self) -> str:
        forget_wrong_tries = count_confirmation(self.user)
        code = str(self.cleaned_data["code"])
        for factor in Authenticator.objects.filter(user=self.user).exclude(type=Authenticator.Type.WEBAUTHN):
            if factor.wrap().validate_code(code):
                self.authenticator = factor
                forget_wrong_tries()
                return code
        raise ValidationError(self.wrong_code, code="not_accepted")
