"""The pages of the force's own sign-in. Without its settings, none of them is there."""

import datetime
from collections.abc import Callable
from functools import wraps
from http import HTTPStatus
from typing import Any

from allauth.account.internal.flows.login import clear_authentication_records, perform_login, record_authentication
from allauth.account.models import Login
from allauth.account.stages import LoginStageController
from allauth.mfa.stages import AuthenticateStage
from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, resolve_url
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts.force_sign_in.actions import LINK_ENDED, admit, connect_force_account
from accounts.force_sign_in.conversation import ForceRefused, Question, ask_force, read_answer
from accounts.force_sign_in.id_tokens import ForceIdentity
from accounts.force_sign_in.invited import find_invited
from accounts.force_sign_in.pages import force_page, next_page
from accounts.force_sign_in.rules import BY_FORCE, force_settings, is_break_glass
from accounts.limits import RateLimit
from accounts.models import RateCount
from accounts.password_tries.lanes import TooBusy
from accounts.password_tries.pages import page_to_wait
from accounts.requests import OfficerRequest
from accounts.sessions.unsent_forms import is_form_kept
from boroughs.models.officers import Officer
from walkandtalk.lib.force_sign_in import ForceSignIn
from walkandtalk.lib.network import client_address

ONE_MINUTE = datetime.timedelta(minutes=1)
MOST_A_MINUTE = 120
"""From one network. A station shares an address, and there is nothing to guess, but each press makes a session."""
TOO_MANY = "Wait a minute, then try again. Too many people from your network are signing in now."


def with_force(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
    """Give the view the settings, and the person a sentence if the provider or a rule refuses them."""

    @wraps(view)
    def wrapped(request: HttpRequest) -> HttpResponse:
        force = force_settings()
        if force is None:
            raise Http404
        try:
            return view(request, force)
        except ForceRefused as refused:
            messages.error(request, str(refused))
            return redirect("accounts:sign_in")
        except TooBusy as refused:
            is_button = request.path == reverse("accounts:force_sign_in")  # which has no page of its own
            return page_to_wait(request, refused, again=reverse("accounts:sign_in") if is_button else "")

    return wrapped


@login_not_required
@require_safe
@with_force
def force_sign_in_page(request: HttpRequest, force: ForceSignIn) -> HttpResponse:
    """Show one button in the place of the form for a password."""
    if request.user.is_authenticated:
        return redirect(next_page(request) or "staff-home")
    return _button_page(request, force)


@login_not_required
@require_POST
@with_force
def start(request: HttpRequest, force: ForceSignIn) -> HttpResponse:
    limit = RateLimit(f"force sign-ins from {client_address(request)}", ONE_MINUTE, MOST_A_MINUTE, is_shared=True)
    if RateCount.objects.increment_all(network=limit):
        return _button_page(request, force, problem=TOO_MANY, status=HTTPStatus.TOO_MANY_REQUESTS)
    return ask_force(request, force, next_page(request))


@login_not_required
@require_safe
@with_force
def callback(request: HttpRequest, force: ForceSignIn) -> HttpResponse:
    """Act on the provider's answer. It comes by GET, but it does nothing without the state of a press of a button."""
    question, identity = read_answer(request, force)
    is_invited = question.invited is not None
    officer = _connect(question, identity, force) if is_invited else admit(identity, force)
    if question.confirms is not None and question.confirms != officer.pk:
        raise ForceRefused("That was someone else’s force account. Choose your own.")
    return _let_in(request, officer, question, identity)


@login_not_required
@require_http_methods(["GET", "HEAD", "POST"])
@with_force
def connect(request: HttpRequest, force: ForceSignIn) -> HttpResponse:
    """Ask someone who has opened their invitation to sign in to the force, which says which force account is theirs."""
    invited = find_invited(request)
    if invited is None:
        raise ForceRefused(LINK_ENDED)
    if request.method == "POST":
        return ask_force(request, force, "", invited=invited)
    button = f"Continue to {force.name}"
    return force_page(request, "accounts/force/connect.html", force, button=button, person=invited)


@require_http_methods(["GET", "HEAD", "POST"])
@with_force
def confirm(request: OfficerRequest, force: ForceSignIn) -> HttpResponse:
    """Ask someone who is signed in to prove afresh that it's them, before a change that stays."""
    if is_break_glass(request.user):
        raise PermissionDenied
    if request.method == "POST":
        return ask_force(request, force, next_page(request), confirms=request.user)
    return force_page(request, "accounts/force/confirm.html", force, button=f"Confirm with {force.name}")


def _button_page(request: HttpRequest, force: ForceSignIn, **context: Any) -> HttpResponse:
    button, keeps_form = f"Continue to {force.name}", is_form_kept(request)
    template = "accounts/force/sign_in.html"
    return force_page(request, template, force, button=button, keeps_form=keeps_form, **context)


def _connect(question: Question, identity: ForceIdentity, force: ForceSignIn) -> Officer:
    officer = get_object_or_404(Officer, pk=question.invited)
    return connect_force_account(officer, identity, force, access_version=question.access_version)


def _let_in(request: HttpRequest, officer: Officer, question: Question, identity: ForceIdentity) -> HttpResponse:
    """Start the session. The provider has asked for the second factor, so ours isn't asked for."""
    clear_authentication_records(request)
    record_authentication(request, officer, BY_FORCE, proved_at=identity.authenticated_at)
    login = Login(user=officer, redirect_url=resolve_url(question.next_page or "staff-home"))
    LoginStageController(request, login).set_handled(AuthenticateStage.key)
    return perform_login(request, login)
