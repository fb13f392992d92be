"""Shared by the pages of second factors: the question to a device, and staying signed in after a change."""

from abc import ABC, abstractmethod
from collections.abc import Callable
from typing import Any

from allauth.mfa.models import Authenticator
from django.db import DatabaseError
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect

from accounts.password_tries.known_browsers import remember_browser
from accounts.second_factor.passkeys import refuse
from accounts.second_factor.state import note_second_factor
from accounts.sessions.staff_sessions import keep_signed_in
from boroughs.models.officers import Officer


class AsksDevice(ABC):
    """A page with a button for a passkey.

    Its script posts `options` when the button is pressed, and gets what to ask the device: a GET changes nothing, and
    nobody runs out of time before they press.
    """

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if "options" in request.POST:
            return JsonResponse(self.ask_device())
        response: HttpResponse = super().post(request, *args, **kwargs)  # type: ignore[misc]
        return response

    @abstractmethod
    def ask_device(self) -> dict[str, Any]:
        """Return what to ask the device, or a `problem` to show, and the `box` that it is about."""

    def unless_removed(self, form: Any, passkey: Authenticator, go_on: Callable[[], HttpResponse]) -> HttpResponse:
        """Go on with this passkey, or refuse it if it's removed before django-allauth has noted its use."""
        try:
            return go_on()
        except DatabaseError:
            if Authenticator.objects.filter(pk=passkey.pk).exists():
                raise
        form.add_error(None, refuse("removed"))
        response: HttpResponse = self.form_invalid(form)  # type: ignore[attr-defined]
        return response


def stay_signed_in(request: HttpRequest, officer: Officer, page: str) -> HttpResponse:
    """Go on to a page after a change that has ended every session. This browser stays signed in, with a new key."""
    request.user = officer
    keep_signed_in(request, officer)
    note_second_factor(request, officer)
    response = redirect(page)
    remember_browser(request, response, officer)
    return response
