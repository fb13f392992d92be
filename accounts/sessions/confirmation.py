"""Asking someone who is signed in to confirm that it’s them, before a change that would help a thief."""

from collections.abc import Callable
from functools import wraps
from typing import Any, TypeVar, cast

from allauth.account.adapter import get_adapter
from allauth.account.internal.flows.reauthentication import is_reauthentication_required
from django.contrib import messages
from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.http import urlencode

from walkandtalk.lib.errors import require

View = TypeVar("View", bound=Callable[..., HttpResponseBase])
_pages_with_buttons: set[str] = set()


def ask_to_confirm(view: View) -> View:
    """Open this view only to a person who signed in or confirmed that it’s them in the last ten minutes.

    What was posted too late is not kept, because it may be a secret. It leads to the same address with GET.
    """

    @wraps(view)
    def ask_first(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        if not is_reauthentication_required(request, app="accounts"):
            return view(request, *args, **kwargs)
        return _confirm(request, request.get_full_path())

    return cast(View, ask_first)


def ask_to_confirm_press(page: str) -> Callable[[View], View]:
    """Do the same for a button on this page, which itself opens without confirming. The person then presses again."""

    _pages_with_buttons.add(page)

    def decorate(view: View) -> View:
        @wraps(view)
        def ask_first(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
            if request.method != "POST" or not is_reauthentication_required(request, app="accounts"):
                return view(request, *args, **kwargs)
            messages.warning(request, "Nothing has changed yet. Confirm that it’s you, then press the button again.")
            return _confirm(request, reverse(page))

        return cast(View, ask_first)

    return decorate


def page_before(next_page: str) -> str:
    """Return where Back leads. A page that opens only after confirming would just ask again."""
    if next_page in map(reverse, _pages_with_buttons):
        return next_page
    first_page, how_you_sign_in = reverse("staff-home"), reverse("mfa_index")
    is_elsewhere = next_page.startswith(first_page) and not next_page.startswith(how_you_sign_in)
    return first_page if is_elsewhere else how_you_sign_in


def _confirm(request: HttpRequest, next_page: str) -> HttpResponseBase:
    ways = get_adapter().get_reauthentication_methods(request.user)
    require(bool(ways))
    return redirect(f"{ways[0]['url']}?{urlencode({'next': next_page})}")
