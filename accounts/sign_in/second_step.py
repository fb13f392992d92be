"""The second step of signing in: a passkey, a code of the app, or a recovery code."""

from typing import Any

from allauth.mfa.base.views import AuthenticateView
from allauth.mfa.webauthn.internal.auth import begin_authentication
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.http import urlencode

from accounts.force_sign_in.rules import is_break_glass
from accounts.models import SecurityEventKind as Kind
from accounts.second_factor.actions import note_if_recovery_code
from accounts.second_factor.forms import SecondStepCodeForm, SecondStepPasskeyForm, was_one_too_many, was_wrong
from accounts.second_factor.pages import AsksDevice
from accounts.second_factor.state import has_passkey
from accounts.security_log import record_security_event
from accounts.sign_in.actions import refuse_second_step
from walkandtalk.lib.govuk.pages import render_form


class SecondStep(AsksDevice, AuthenticateView):
    """For the account for emergencies only a passkey will do, so no code is asked for, and none is used up."""

    form_class = SecondStepCodeForm
    webauthn_form_class = SecondStepPasskeyForm
    template_name = "accounts/second_step.html"
    http_method_names = ["get", "head", "post"]

    def get_form_class(self) -> Any:
        return self.form_class

    def get_webauthn_form_class(self) -> Any:
        return self.webauthn_form_class

    def ask_device(self) -> dict[str, Any]:
        options: dict[str, Any] = begin_authentication(self.stage.login.user)
        return options

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        return self.render(self.auth_form)

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if "code" in request.POST and self.takes_only_passkey:
            messages.error(request, "Use your passkey. For this account no code will do.")
            return redirect("mfa_authenticate")
        return super().post(request, *args, **kwargs)

    @property
    def takes_only_passkey(self) -> bool:
        return is_break_glass(self.stage.login.user)

    def form_valid(self, form: Any) -> HttpResponse:
        go_on = super().form_valid
        if form is not self.auth_form:
            return self.unless_removed(form, form.cleaned_data["credential"], lambda: go_on(form))
        note_if_recovery_code(self.stage.login.user, form.authenticator)
        response: HttpResponse = go_on(form)
        return response

    def form_invalid(self, form: Any) -> HttpResponse:
        """Record a wrong try: someone has the password. Nobody has proved who, so the account is only the subject."""
        officer = self.stage.login.user
        if was_wrong(form):
            record_security_event(Kind.SIGN_IN_FAILED, subject=officer, change="second step")
        if was_one_too_many(form):
            refuse_second_step(officer)
        return self.render(form)

    def render(self, form: Any) -> HttpResponse:
        user, only_passkey = self.stage.login.user, self.takes_only_passkey
        first_page = reverse("accounts:break_glass" if only_passkey else "accounts:sign_in")
        context: dict[str, Any] = {
            "offers_passkey": has_passkey(user),
            "code_form": None if only_passkey else self.auth_form,
            "again": f"{first_page}?{urlencode({'next': self.stage.login.redirect_url or ''})}",
        }
        return render_form(self.request, self.get_template_names()[0], form, **context)
