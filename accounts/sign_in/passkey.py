"""Signing in with a passkey as the only step. The device has checked the person, so nothing else is asked."""

import datetime
from http import HTTPStatus
from typing import Any

from allauth.account.models import Login
from allauth.mfa.webauthn.internal.auth import begin_authentication
from allauth.mfa.webauthn.internal.flows import perform_passwordless_login
from django.contrib.auth.decorators import login_not_required
from django.contrib.auth.views import RedirectURLMixin
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.decorators import method_decorator
from django.views.generic import FormView

from accounts.force_sign_in.rules import force_settings
from accounts.limits import RateLimit
from accounts.models import RateCount
from accounts.models import SecurityEventKind as Kind
from accounts.second_factor.forms import SignInPasskeyForm, was_wrong
from accounts.second_factor.pages import AsksDevice
from accounts.security_log import record_refusal_once
from accounts.sign_in.forms import SignInForm
from accounts.sign_in.steps import forget_steps
from walkandtalk.lib.govuk.pages import error_summary
from walkandtalk.lib.network import client_address

ONE_MINUTE = datetime.timedelta(minutes=1)
QUARTER_OF_AN_HOUR = datetime.timedelta(minutes=15)
MOST_A_MINUTE = 120
"""From one network. A station shares an address, and there is nothing to guess."""
TOO_MANY = "Wait a minute, then try again. Too many people from your network are signing in now."


@method_decorator(login_not_required, name="dispatch")
class SignInWithPasskey(AsksDevice, RedirectURLMixin, FormView):  # type: ignore[type-arg]  # generic only in the stubs
    """The button on the sign-in page. Without an answer of a device there is nothing to show here.

    It is not there while the force's own sign-in is on: its account for emergencies needs the password too.
    """

    form_class = SignInPasskeyForm
    next_page = "staff-home"
    http_method_names = ["get", "head", "post"]

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        return redirect("accounts:sign_in")

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if force_settings() is not None:
            raise Http404
        if request.user.is_authenticated:
            return redirect(self.get_success_url())
        limit = RateLimit(f"passkeys from {client_address(request)}", ONE_MINUTE, MOST_A_MINUTE, is_shared=True)
        if RateCount.objects.increment_all(network=limit):
            return self._sign_in_page([{"text": TOO_MANY}], HTTPStatus.TOO_MANY_REQUESTS)
        return super().post(request, *args, **kwargs)

    def ask_device(self) -> dict[str, Any]:
        options: dict[str, Any] = begin_authentication()
        return options

    def form_valid(self, form: SignInPasskeyForm) -> HttpResponse:
        passkey = form.cleaned_data["credential"]
        forget_steps(self.request)
        login = Login(user=passkey.user, redirect_url=self.get_success_url())
        return self.unless_removed(form, passkey, lambda: perform_passwordless_login(self.request, passkey, login))

    def form_invalid(self, form: SignInPasskeyForm) -> HttpResponse:
        """Record a wrong try once in a quarter of an hour for each account, because anyone can make one."""
        if form.account is not None and was_wrong(form):
            limit = RateLimit(f"wrong passkeys of {form.account.pk}", QUARTER_OF_AN_HOUR, 1)
            record_refusal_once(Kind.SIGN_IN_FAILED, [limit], subject=form.account, change="passkey")
        return self._sign_in_page(error_summary(form), HTTPStatus.UNPROCESSABLE_ENTITY)

    def _sign_in_page(self, errors: list[dict[str, str]], status: HTTPStatus) -> HttpResponse:
        context = {"form": SignInForm(), "error_summary": errors, "next": self.get_redirect_url()}
        return render(self.request, "accounts/sign_in.html", context, status=status)
