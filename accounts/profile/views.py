"""The pages of one’s own account: the password, and keyboard shortcuts."""

from typing import Any

from django.contrib import messages
from django.contrib.auth.views import PasswordChangeView
from django.http import Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse_lazy
from django.utils.decorators import method_decorator
from django.views.decorators.http import require_http_methods

from accounts.force_sign_in.rules import may_use_password
from accounts.limits import note_reached
from accounts.password_tries.known_browsers import remember_browser
from accounts.password_tries.lanes import TooBusy
from accounts.password_tries.pages import page_to_wait
from accounts.password_tries.tries import TooManyTries
from accounts.profile.actions import change_own_password
from accounts.profile.forms import KeysForm, PasswordChangeForm
from accounts.requests import OfficerRequest
from accounts.sessions.confirmation import ask_to_confirm
from accounts.sessions.staff_sessions import keep_signed_in
from accounts.shortcuts import shortcuts_of
from walkandtalk.lib.govuk.pages import error_summary
from walkandtalk.lib.rows import save_changes


@method_decorator(ask_to_confirm, name="get")
@method_decorator(ask_to_confirm, name="post")
class ChangePassword(PasswordChangeView):
    form_class = PasswordChangeForm
    template_name = "accounts/password.html"
    success_url = reverse_lazy("staff-home")

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        if request.user.is_authenticated and not may_use_password(request.user):
            raise Http404
        return super().dispatch(request, *args, **kwargs)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        context = super().get_context_data(**kwargs)
        return {**context, "error_summary": error_summary(context["form"])}

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        try:
            return super().post(request, *args, **kwargs)
        except TooManyTries as refused:
            for limit in refused.reached:
                note_reached(limit)
            return page_to_wait(request, refused)
        except TooBusy as refused:
            return page_to_wait(request, refused)

    def form_valid(self, form: Any) -> HttpResponse:
        officer = change_own_password(form.user, form.hash_new_password())
        self.request.user = officer
        keep_signed_in(self.request, officer)
        response = redirect(self.get_success_url())
        remember_browser(self.request, response, officer)
        messages.success(self.request, "You’ve changed your password.")
        return response


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
