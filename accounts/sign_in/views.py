"""Signing in and out, and changing a password."""

from typing import Any

from django.contrib.auth.decorators import login_not_required
from django.contrib.auth.views import LoginView, LogoutView, redirect_to_login
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.urls import reverse
from django.utils.decorators import method_decorator
from django.views.decorators.http import require_safe

from accounts.force_sign_in.rules import force_settings
from accounts.force_sign_in.views import force_sign_in_page
from accounts.models import SecurityEventKind as Kind
from accounts.password_tries.lanes import TooBusy
from accounts.password_tries.pages import page_to_wait
from accounts.password_tries.tries import TooManyTries
from accounts.second_factor.middleware import opens_without_second_factor
from accounts.security_log import record_refusal_once, record_security_event
from accounts.sessions.unsent_forms import is_form_kept
from accounts.sign_in.forms import BreakGlassForm, SignInForm
from accounts.sign_in.steps import sign_in_with_password
from walkandtalk.lib.govuk.pages import error_summary


@method_decorator(login_not_required, name="dispatch")
class SignIn(LoginView):
    form_class = SignInForm
    template_name = "accounts/sign_in.html"
    http_method_names = ["get", "head", "post"]  # Django's own view treats a PUT as a POST
    redirect_authenticated_user = True
    asks_force = True

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        """Show the force's button instead, if there is one. Then no password is read here."""
        if self.asks_force and force_settings() is not None:
            return force_sign_in_page(request)
        return super().dispatch(request, *args, **kwargs)

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        form: Any = self.get_form()
        try:
            return self.form_valid(form) if form.is_valid() else self.form_invalid(form)
        except TooManyTries as refused:
            record_refusal_once(Kind.SIGN_IN_REFUSED, refused.reached, subject=form.account)
            return page_to_wait(request, refused)
        except TooBusy as refused:
            return page_to_wait(request, refused)

    def form_valid(self, form: Any) -> HttpResponse:
        return sign_in_with_password(self.request, form.get_user(), self.get_success_url())

    def form_invalid(self, form: Any) -> HttpResponse:
        """Record a try whose password was checked. Nobody has proved who tried, so the account is only the subject."""
        if form.has_both:
            record_security_event(Kind.SIGN_IN_FAILED, subject=form.account)
        return super().form_invalid(form)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        context = super().get_context_data(**kwargs)
        keeps_form = is_form_kept(self.request)
        return {**context, "error_summary": error_summary(context["form"]), "keeps_form": keeps_form}


@method_decorator(login_not_required, name="dispatch")
class BreakGlassSignIn(SignIn):
    """For one administrator with a passkey, while the force's sign-in is on. Each use alerts the auditor."""

    form_class = BreakGlassForm
    template_name = "accounts/break_glass.html"
    asks_force = False

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        if force_settings() is None:
            raise Http404
        return super().dispatch(request, *args, **kwargs)


@method_decorator(opens_without_second_factor, name="dispatch")
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
