"""Nothing opens to a person without a second factor but the pages to set one up (docs/rules.md#second-factor)."""

from collections.abc import Callable
from typing import TypeVar

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect

from accounts.second_factor.state import lacks_second_factor

View = TypeVar("View", bound=Callable[..., HttpResponseBase])


def opens_without_second_factor(view: View) -> View:
    """Open this view to someone who has no second factor yet: it sets one up, or signs out."""
    view.opens_without_second_factor = True  # type: ignore[attr-defined]
    return view


class SecondFactorMiddleware:
    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_view(
        self, request: HttpRequest, view: Callable[..., HttpResponse], args: object, kwargs: object
    ) -> HttpResponse | None:
        if not settings.REQUIRE_SECOND_FACTOR or not getattr(view, "login_required", True):
            return None
        if getattr(view, "opens_without_second_factor", False) or not request.user.is_authenticated:
            return None
        return redirect("mfa_index") if lacks_second_factor(request) else None
