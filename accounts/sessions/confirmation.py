"""Asking someone who is signed in to confirm that it’s them, before a change that would help a thief."""

from collections.abc import Callable
from functools import wraps
from typing import Any, TypeVar, cast

from allauth.account.adapter import get_adapter
from allauth.account.internal.flows.reauthentication import is_reauthentication_required
from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.shortcuts import redirect
from django.utils.http import urlencode

from walkandtalk.lib.errors import require

View = TypeVar("View", bound=Callable[..., HttpResponseBase])


def ask_to_confirm(view: View) -> View:
    """Open this view only to a person who signed in or confirmed that it’s them in the last ten minutes.

    What was posted too late is not kept, because it may be a secret. It leads to the same address with GET.
    """

    @wraps(view)
    def ask_first(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        if not is_reauthentication_required(request, app="accounts"):
            return view(request, *args, **kwargs)
        ways = get_adapter().get_reauthentication_methods(request.user)
        require(bool(ways))
        return redirect(f"{ways[0]['url']}?{urlencode({'next': request.path})}")

    return cast(View, ask_first)
