"""Pages with a button that leads to the force's provider."""

from typing import Any

from csp.decorators import csp_update
from django import forms
from django.http import HttpRequest, HttpResponse
from django.utils.http import url_has_allowed_host_and_scheme

from walkandtalk.lib.force_sign_in import ForceSignIn
from walkandtalk.lib.govuk.forms import PageForm
from walkandtalk.lib.govuk.pages import render_form


class ForceForm(PageForm):
    """The button, and the page to go on to."""

    next = forms.CharField(required=False, widget=forms.HiddenInput)

    def __init__(self, *args: Any, button: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.button = button


def force_page(
    request: HttpRequest, template_name: str, force: ForceSignIn, *, button: str, problem: str = "", **context: Any
) -> HttpResponse:
    """Show a page with the button. Only here may a form lead to the provider, by way of our own address.

    Browsers apply `form-action` to where an answer redirects, and the button is sent by POST, because a GET never acts.
    """
    following = {"next": next_page(request)}
    form = ForceForm(following if problem else None, button=button, initial=following)
    if problem:
        form.add_error(None, problem)

    @csp_update({"form-action": [force.origin]})
    def page(request: HttpRequest) -> HttpResponse:
        return render_form(request, template_name, form, force=force, **context)

    return page(request)  # type: ignore[return-value]  # the decorator's type forgets what it was given


def next_page(request: HttpRequest) -> str:
    """Return the page of ours that a person wants to go on to, or "" for the first page."""
    wanted = request.POST.get("next", "") or request.GET.get("next", "")
    is_ours = url_has_allowed_host_and_scheme(wanted, allowed_hosts=None)
    return wanted if is_ours and wanted.startswith("/") else ""
