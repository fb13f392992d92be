"""Pages on which someone who is signed in confirms that it’s them (docs/rules.md#second-factor).

Someone who has a second factor confirms with it. The password alone is for those who have none.
"""

from http import HTTPStatus
from typing import Any

from allauth.account.views._reauthenticate import BaseReauthenticateView, ReauthenticateView
from allauth.mfa.base.views import ReauthenticateView as ReauthenticateWithCodeView
from allauth.mfa.webauthn.internal.auth import begin_authentication
from allauth.mfa.webauthn.views import ReauthenticateWebAuthnView
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.decorators import method_decorator

from accounts.confirmation.forms import ConfirmPasswordForm
from accounts.limits import note_reached
from accounts.models import SecurityEventKind as Kind
from accounts.password_tries.lanes import TooBusy
from accounts.password_tries.pages import page_to_wait
from accounts.password_tries.tries import TooManyTries
from accounts.requests import OfficerRequest
from accounts.second_factor.actions import note_if_recovery_code
from accounts.second_factor.forms import ConfirmCodeForm, ConfirmPasskeyForm, was_one_too_many, was_wrong
from accounts.second_factor.middleware import opens_without_second_factor
from accounts.second_factor.pages import AsksDevice
from accounts.second_factor.tries import refuse_confirmation
from accounts.security_log import record_security_event
from accounts.sessions.confirmation import page_before
from accounts.sessions.staff_sessions import keep_signed_in
from walkandtalk.lib.govuk.pages import error_summary


class ConfirmPage(BaseReauthenticateView):
    request: OfficerRequest
    http_method_names = ["get", "head", "post"]

    def get_form_class(self) -> Any:
        return self.form_class

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        return self.render(self.get_form())

    def form_invalid(self, form: Any) -> HttpResponse:
        """Record a wrong try. Whoever it was had a session of this person."""
        if was_wrong(form):
            user = self.request.user
            record_security_event(Kind.SIGN_IN_FAILED, officer=user, subject=user, change="confirmation")
        if was_one_too_many(form):
            refuse_confirmation(self.request.user)
        return self.render(form)

    def form_valid(self, form: Any) -> HttpResponse:
        """Go on with a new key: whoever had the one before has confirmed nothing."""
        response: HttpResponse = super().form_valid(form)
        keep_signed_in(self.request, self.request.user)
        return response

    def render(self, form: Any) -> HttpResponse:
        context = BaseReauthenticateView.get_context_data(self, form=form)  # a subclass would begin to ask the device
        summary = error_summary(form)
        status = HTTPStatus.UNPROCESSABLE_ENTITY if summary else HTTPStatus.OK
        context |= {"error_summary": summary, "back": page_before(context["redirect_field_value"] or "")}
        return render(self.request, self.get_template_names(), context, status=status)


@method_decorator(opens_without_second_factor, name="dispatch")
class ConfirmWithPassword(ConfirmPage, ReauthenticateView):
    form_class = ConfirmPasswordForm  # type: ignore[assignment]
    template_name = "accounts/confirmation/password.html"

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        try:
            return super().post(request, *args, **kwargs)
        except TooManyTries as refused:
            for limit in refused.reached:
                note_reached(limit)
            return page_to_wait(request, refused)
        except TooBusy as refused:
            return page_to_wait(request, refused)


class ConfirmWithCode(ConfirmPage, ReauthenticateWithCodeView):
    form_class = ConfirmCodeForm
    template_name = "accounts/confirmation/code.html"

    def form_valid(self, form: Any) -> HttpResponse:
        note_if_recovery_code(self.request.user, form.authenticator)
        response: HttpResponse = super().form_valid(form)
        return response


class ConfirmWithPasskey(AsksDevice, ConfirmPage, ReauthenticateWebAuthnView):
    form_class = ConfirmPasskeyForm
    template_name = "accounts/confirmation/passkey.html"

    def ask_device(self) -> dict[str, Any]:
        options: dict[str, Any] = begin_authentication(self.request.user)
        return options

    def form_valid(self, form: Any) -> HttpResponse:
        go_on = super().form_valid
        return self.unless_removed(form, form.cleaned_data["credential"], lambda: go_on(form))
