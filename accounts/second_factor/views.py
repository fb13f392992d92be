"""The pages on which people set up how they sign in (docs/rules.md#second-factor)."""

from abc import ABC, abstractmethod
from http import HTTPStatus
from typing import Any

from allauth.mfa.adapter import get_adapter
from allauth.mfa.models import Authenticator
from allauth.mfa.webauthn.internal.auth import begin_registration
from django.conf import settings
from django.contrib import messages
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.decorators import method_decorator
from django.utils.safestring import mark_safe
from django.views.decorators.http import require_http_methods, require_safe
from django.views.generic import FormView

from accounts.requests import OfficerRequest
from accounts.second_factor.actions import (
    add_app,
    add_passkey,
    make_recovery_codes,
    remove_factor,
    rename_passkey,
)
from accounts.second_factor.app_secret import forget_app_secret, new_app_secret, shown_app_secret
from accounts.second_factor.forms import AddAppForm, AddPasskeyForm, RenamePasskeyForm, was_one_too_many
from accounts.second_factor.middleware import opens_without_second_factor
from accounts.second_factor.pages import AsksDevice, stay_signed_in
from accounts.second_factor.state import FACTORS, count_recovery_codes
from accounts.second_factor.tries import refuse_confirmation
from accounts.sessions.confirmation import ask_to_confirm
from boroughs.models.officers import Officer
from walkandtalk.lib.errors import ActionError
from walkandtalk.lib.govuk.pages import render_form

Type = Authenticator.Type
SHOWN_CODES = "recovery_codes_to_save"
"""In the session that made them: the recovery codes that the person has not said they have saved."""
ADDED = {Type.WEBAUTHN: "You’ve added a passkey.", Type.TOTP: "You’ve added an authenticator app."}
REMOVED = {Type.WEBAUTHN: "You’ve removed the passkey.", Type.TOTP: "You’ve removed the authenticator app."}


@opens_without_second_factor
@require_safe
def how_you_sign_in(request: OfficerRequest) -> HttpResponse:
    """Show what this person signs in with, and what else they can set up."""
    factors = list(_factors_of(request.user).order_by("created_at"))
    context = {
        "passkeys": [factor for factor in factors if factor.type == Type.WEBAUTHN],
        "app": next((factor for factor in factors if factor.type == Type.TOTP), None),
        "codes_left": count_recovery_codes(request.user),
        "has_unsaved_codes": _unsaved_codes(request) is not None,
        "must_set_up": settings.REQUIRE_SECOND_FACTOR and not factors,
        "offers_removal": len(factors) > 1 or not settings.REQUIRE_SECOND_FACTOR,
    }
    return render(request, "accounts/second_factor/how_you_sign_in.html", context)


@method_decorator([opens_without_second_factor, ask_to_confirm], name="dispatch")
class AddFactor(FormView, ABC):  # type: ignore[type-arg]  # generic only in the stubs
    """Add a second factor. The first one makes recovery codes, which the next page shows."""

    request: OfficerRequest
    factor: Authenticator.Type
    http_method_names = ["get", "head", "post"]

    @abstractmethod
    def add(self, form: Any) -> Officer:
        """Save the factor, and return the person as they are now."""

    def form_valid(self, form: Any) -> HttpResponse:
        had_codes = _has_recovery_codes(self.request.user)
        try:
            officer = self.add(form)
        except ActionError as refused:
            form.add_error(None, str(refused))
            return self.form_invalid(form)
        messages.success(self.request, ADDED[self.factor])
        return _after_change(self.request, officer, shows_codes=not had_codes)

    def form_invalid(self, form: Any) -> HttpResponse:
        return self.render(form)

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        return self.render(self.get_form())

    def render(self, form: Any) -> HttpResponse:
        return render_form(self.request, self.get_template_names()[0], form, **self.context(form))

    def context(self, form: Any) -> dict[str, Any]:
        return {}


class AddPasskey(AsksDevice, AddFactor):
    form_class = AddPasskeyForm
    template_name = "accounts/second_factor/add_passkey.html"
    factor = Type.WEBAUTHN

    def get_form_kwargs(self) -> dict[str, Any]:
        return {**super().get_form_kwargs(), "user": self.request.user}

    def ask_device(self) -> dict[str, Any]:
        """Check the name first, because a passkey is on the device before we hear of it."""
        named = RenamePasskeyForm(self.request.POST)
        if not named.is_valid():
            return {"problem": named.errors["name"][0], "box": "name"}
        options: dict[str, Any] = begin_registration(self.request.user, passwordless=True)
        return options

    def add(self, form: AddPasskeyForm) -> Officer:
        data = form.cleaned_data
        return add_passkey(self.request.user, name=data["name"], credential=data["credential"])


class AddApp(AddFactor):
    form_class = AddAppForm
    template_name = "accounts/second_factor/add_app.html"
    factor = Type.TOTP

    def get_form_kwargs(self) -> dict[str, Any]:
        """Show a new secret each time the page is opened, and keep it while codes are tried."""
        user = self.request.user
        shown = shown_app_secret(self.request, user) if self.request.method == "POST" else None
        secret = shown or new_app_secret(self.request, user)
        return {**super().get_form_kwargs(), "user": user, "secret": secret, "is_new": shown is None}

    def context(self, form: AddAppForm) -> dict[str, Any]:
        adapter = get_adapter()
        drawing = adapter.build_totp_svg(adapter.build_totp_url(self.request.user, form.secret))
        groups = " ".join(form.secret[start : start + 4] for start in range(0, len(form.secret), 4))
        return {"drawing": mark_safe(drawing), "secret": groups}  # noqa: S308  # made by us from our own text

    def form_invalid(self, form: AddAppForm) -> HttpResponse:
        if was_one_too_many(form):
            refuse_confirmation(self.request.user)
        return super().form_invalid(form)

    def add(self, form: AddAppForm) -> Officer:
        officer = add_app(self.request.user, secret=form.secret, code=form.cleaned_data["code"])
        forget_app_secret(self.request)
        return officer


@require_http_methods(["GET", "POST"])
@ask_to_confirm
def rename(request: OfficerRequest, pk: int) -> HttpResponse:
    """Give a passkey another name."""
    passkey = get_object_or_404(_factors_of(request.user), pk=pk, type=Type.WEBAUTHN)
    posted = request.POST if request.method == "POST" else None
    form = RenamePasskeyForm(posted, initial={"name": str(passkey)})
    if not form.is_valid():
        return render_form(request, "accounts/second_factor/rename_passkey.html", form)
    rename_passkey(passkey, name=form.cleaned_data["name"])
    messages.success(request, "You’ve renamed the passkey.")
    return redirect("mfa_index")


@require_http_methods(["GET", "POST"])
@ask_to_confirm
def remove_passkey(request: OfficerRequest, pk: int) -> HttpResponse:
    return _remove(request, get_object_or_404(_factors_of(request.user), pk=pk, type=Type.WEBAUTHN))


@require_http_methods(["GET", "POST"])
@ask_to_confirm
def remove_app(request: OfficerRequest) -> HttpResponse:
    return _remove(request, get_object_or_404(_factors_of(request.user), type=Type.TOTP))


def _remove(request: OfficerRequest, factor: Authenticator) -> HttpResponse:
    """Ask before a factor is removed, and remove it."""
    is_last = not _factors_of(request.user).exclude(pk=factor.pk).exists()
    context: dict[str, Any] = {"factor": factor, "is_last": is_last}
    template = "accounts/second_factor/remove.html"
    if request.method == "POST":
        try:
            officer = remove_factor(request.user, factor)
        except ActionError as refused:
            context["error_summary"] = [{"text": str(refused)}]
            return render(request, template, context, status=HTTPStatus.CONFLICT)
        messages.success(request, REMOVED[Type(factor.type)])
        return _after_change(request, officer)
    return render(request, template, context)


@require_http_methods(["GET", "POST"])
@ask_to_confirm
def new_recovery_codes(request: OfficerRequest) -> HttpResponse:
    """Replace the recovery codes."""
    if not _factors_of(request.user).exists():
        return redirect("mfa_index")
    template = "accounts/second_factor/new_recovery_codes.html"
    context: dict[str, Any] = {}
    if request.method == "POST":
        try:
            officer = make_recovery_codes(request.user)
        except ActionError as refused:
            context["error_summary"] = [{"text": str(refused)}]
            return render(request, template, context, status=HTTPStatus.CONFLICT)
        return _after_change(request, officer, shows_codes=True)
    return render(request, template, context)


@require_http_methods(["GET", "POST"])
@ask_to_confirm
def recovery_codes(request: OfficerRequest) -> HttpResponse:
    """Show new recovery codes until the person says that they have saved them, in the session that made them only."""
    codes = _unsaved_codes(request)
    if request.method == "POST" or codes is None:
        request.session.pop(SHOWN_CODES, None)
        return redirect("mfa_index")
    unused = codes.wrap().get_unused_codes()  # type: ignore[no-untyped-call]
    return render(
        request, "accounts/second_factor/recovery_codes.html", {"codes": [f"{code[:4]} {code[4:]}" for code in unused]}
    )


def _unsaved_codes(request: OfficerRequest) -> Authenticator | None:
    shown = request.session.get(SHOWN_CODES)
    if shown is None:
        return None
    return Authenticator.objects.filter(user=request.user, type=Type.RECOVERY_CODES, pk=shown).first()


def _factors_of(officer: Officer) -> QuerySet[Authenticator]:
    return Authenticator.objects.filter(user=officer, type__in=FACTORS)


def _has_recovery_codes(officer: Officer) -> bool:
    return Authenticator.objects.filter(user=officer, type=Type.RECOVERY_CODES).exists()


def _after_change(request: OfficerRequest, officer: Officer, *, shows_codes: bool = False) -> HttpResponse:
    if shows_codes:
        codes = Authenticator.objects.get(user=officer, type=Type.RECOVERY_CODES)
        request.session[SHOWN_CODES] = codes.pk
    return stay_signed_in(request, officer, "mfa_view_recovery_codes" if shows_codes else "mfa_index")
