"""The pages on which a person asks for a link, opens it, and chooses a password."""

from http import HTTPStatus

from django.contrib import messages
from django.contrib.auth import logout
from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_safe

from accounts.force_sign_in.invited import remember_invited
from accounts.force_sign_in.rules import may_use_password
from accounts.models import PasswordLink
from accounts.new_passwords.actions import LinkEnded, TooManyResets, choose_password, request_reset
from accounts.new_passwords.forms import ForgottenPasswordForm, NewPasswordForm
from accounts.password_tries.known_browsers import remember_browser
from accounts.password_tries.lanes import TooBusy
from accounts.password_tries.pages import page_to_wait
from accounts.sessions.staff_sessions import renew_key
from accounts.sign_in.steps import sign_in_with_password
from boroughs.models.officers import Officer
from walkandtalk.lib import tokens
from walkandtalk.lib.govuk.pages import render_form
from walkandtalk.lib.network import client_address

SESSION_KEY = "password_link"


@login_not_required
@require_http_methods(["GET", "HEAD", "POST"])
def forgotten_password(request: HttpRequest) -> HttpResponse:
    """Ask for an address, and give the same answer whether or not it is anyone's."""
    form = ForgottenPasswordForm(request.POST if request.method == "POST" else None)
    if not form.is_valid():
        return render_form(request, "accounts/forgotten_password.html", form)
    try:
        request_reset(form.cleaned_data["email"], network=client_address(request))
    except TooManyResets:
        return render(request, "accounts/too_many_resets.html", status=HTTPStatus.TOO_MANY_REQUESTS)
    return render(request, "accounts/reset_requested.html")


@login_not_required
@require_safe
def open_password_link(request: HttpRequest, token: str) -> HttpResponse:
    """Keep the link in the session, and lead to an address without the token. A GET never uses a link up.

    So a mail scanner may follow it. The session gets a new key, so that a key planted before opens nothing.
    """
    link = PasswordLink.objects.find(*tokens.token_hmacs(token), now=timezone.now())
    if link is None:
        return _link_ended_page(request)
    renew_key(request)
    request.session[SESSION_KEY] = link.token_hmac
    return redirect("accounts:choose_password")


@login_not_required
@require_http_methods(["GET", "HEAD", "POST"])
def choose_password_page(request: HttpRequest) -> HttpResponse:
    link = PasswordLink.objects.find(request.session.get(SESSION_KEY, ""), now=timezone.now())
    if link is None:
        return _link_ended_page(request)
    if not may_use_password(link.officer):
        return _instead_of_password(request, link)
    form = NewPasswordForm(link.officer, request.POST if request.method == "POST" else None)
    if not form.is_valid():
        return render_form(request, "accounts/choose_password.html", form, person=link.officer)
    try:
        person = choose_password(link, form.hash_new_password())
    except LinkEnded:
        return _link_ended_page(request)
    except TooBusy as refused:
        return page_to_wait(request, refused)
    return _after_invitation(request, person) if link.is_invitation else _after_reset(request, person)


def _instead_of_password(request: HttpRequest, link: PasswordLink) -> HttpResponse:
    """Lead an invited person to their force account. A link from before the force's sign-in was on sets no password."""
    if not link.is_invitation:
        return _link_ended_page(request)
    remember_invited(request, link.officer)
    return redirect("accounts:connect_force_account")


def _after_invitation(request: HttpRequest, person: Officer) -> HttpResponse:
    """Sign the person in as after a right password, so that a second factor is asked for if there is one."""
    logout(request)  # whoever else was signed in here, and the link
    return sign_in_with_password(request, person, reverse("staff-home"))


def _after_reset(request: HttpRequest, person: Officer) -> HttpResponse:
    """Ask the person to sign in as always, because the link stands for the password and for nothing else.

    The browser is known as theirs, so that others who tried their name can't keep them out.
    """
    logout(request)
    messages.success(request, "You’ve changed your password. Sign in with the new one.")
    response = redirect("accounts:sign_in")
    remember_browser(request, response, person)
    return response


def _link_ended_page(request: HttpRequest) -> HttpResponse:
    return render(request, "accounts/link_ended.html", status=HTTPStatus.NOT_FOUND)
