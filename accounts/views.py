"""Signing in and out, and changing a password."""

from typing import Any

from django.conf import settings
from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.contrib.auth.views import LoginView, LogoutView, PasswordChangeView, redirect_to_login
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse, reverse_lazy
from django.utils.decorators import method_decorator
from django.views.decorators.http import require_http_methods, require_safe

from accounts.forms import KeysForm, PasswordChangeForm, SignInForm
from accounts.limits import RateLimit
from accounts.models import SecurityEventKind as Kind
from accounts.requests import OfficerRequest
from accounts.security_log import find_account, record_refusal_once, record_security_event
from accounts.sessions import start_staff_session
from accounts.shortcuts import shortcuts_of
from accounts.unsent_forms import is_form_kept
from walkandtalk.lib.govuk.pages import error_summary
from walkandtalk.lib.network import claimed_username, client_address
from walkandtalk.lib.rows import save_changes


@method_decorator(login_not_required, name="dispatch")
class SignIn(LoginView):
    form_class = SignInForm
    template_name = "accounts/sign_in.html"
    http_method_names = ["get", "head", "post"]  # Django's own view treats a PUT as a POST
    redirect_authenticated_user = True

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        """Let an officer whose session is idle enter her password again."""
        self.redirect_authenticated_user = not request.is_idle  # type: ignore[attr-defined]
        return super().dispatch(request, *args, **kwargs)

    def form_valid(self, form: Any) -> HttpResponse:
        response = super().form_valid(form)
        start_staff_session(self.request)
        record_security_event(Kind.SIGNED_IN, officer=form.get_user())
        return response

    def form_invalid(self, form: Any) -> HttpResponse:
        """Record a try whose password was checked. Nobody has proved who tried, so the account is only the subject.

        The last try before a pause is recorded with the pause, by `locked_out`.
        """
        was_checked = {"username", "password"} <= form.cleaned_data.keys()
        if was_checked and not getattr(self.request, "axes_locked_out", False):
            record_security_event(Kind.SIGN_IN_FAILED, subject=find_account(form.cleaned_data["username"]))
        return super().form_invalid(form)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        context = super().get_context_data(**kwargs)
        keeps_form = is_form_kept(self.request)
        return {**context, "error_summary": error_summary(context["form"]), "keeps_form": keeps_form}


class ChangePassword(PasswordChangeView):
    form_class = PasswordChangeForm
    template_name = "accounts/password.html"
    success_url = reverse_lazy("staff-home")

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        context = super().get_context_data(**kwargs)
        return {**context, "error_summary": error_summary(context["form"])}

    @transaction.atomic
    def form_valid(self, form: Any) -> HttpResponse:
        messages.success(self.request, "Your password is changed.")
        record_security_event(Kind.PASSWORD_CHANGED, officer=form.user, subject=form.user)
        return super().form_valid(form)


@require_http_methods(["GET", "POST"])
def keys(request: OfficerRequest) -> HttpResponse:
    """List the keyboard shortcuts, and switch them on or off for this account."""
    if request.method == "GET":
        return render(request, "accounts/keys.html", {"shortcuts": shortcuts_of(request.user)})
    form = KeysForm(request.POST)
    if form.is_valid():
        save_changes(request.user, uses_keys=form.switches_on)
        messages.success(request, f"Keyboard shortcuts are {form.cleaned_data['keys']}.")
    return redirect("accounts:keys")


class SignOut(LogoutView):
    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if request.user.is_authenticated:
            record_security_event(Kind.SIGNED_OUT, officer=request.user)
        return super().post(request, *args, **kwargs)


@login_not_required
@require_safe
def admin_sign_in(request: HttpRequest) -> HttpResponse:
    """Redirect from Django admin's own sign-in page to ours, so that there is only one."""
    if request.user.is_authenticated:
        raise PermissionDenied
    return redirect_to_login(request.GET.get("next", reverse("admin:index")))


def locked_out(request: HttpRequest, *args: object) -> HttpResponse:
    name, network = claimed_username(request), client_address(request)
    limit = RateLimit(f"sign-in of {name} from {network}", settings.AXES_COOLOFF_TIME, settings.AXES_FAILURE_LIMIT)
    record_refusal_once(Kind.SIGN_IN_REFUSED, [limit], subject=find_account(name))
    return render(request, "accounts/locked_out.html", status=429)
