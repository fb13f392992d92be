"""What holds for every request."""

import time
from collections.abc import Callable

from django.conf import settings
from django.contrib.auth import logout
from django.core.exceptions import BadRequest
from django.http import HttpRequest, HttpResponse, QueryDict
from django.utils.cache import patch_cache_control

GetResponse = Callable[[HttpRequest], HttpResponse]

UNREADABLE = ("\x00", "\ufffd")  # NUL, and what Django puts where bytes were no UTF-8, lone surrogates among them


class DiscreetHostMiddleware:
    """The neutral host has its own small URL configuration, and knows no other page (MODEL.md, rule 7)."""

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        request.discreet = request.get_host() == settings.DISCREET_HOST  # type: ignore[attr-defined]
        if request.discreet:  # type: ignore[attr-defined]
            request.urlconf = "walkandtalk.discreet_urls"  # type: ignore[attr-defined]
        return self.get_response(request)


class ReadableTextMiddleware:
    """Text that no keyboard makes is refused at the door: PostgreSQL would not take it, and nobody could read it."""

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_view(self, request: HttpRequest, *args: object) -> None:
        posted = request.POST if request.method == "POST" else QueryDict()
        if not (_is_readable(request.path) and _all_readable(request.GET) and _all_readable(posted)):
            raise BadRequest("unreadable text")


def _all_readable(data: QueryDict) -> bool:
    return all(_is_readable(key) and all(map(_is_readable, values)) for key, values in data.lists())


def _is_readable(text: str) -> bool:
    try:
        text.encode()
    except UnicodeEncodeError:
        return False
    return not any(sign in text for sign in UNREADABLE)


class StaffSessionMiddleware:
    """Officers are signed out after STAFF_IDLE without a page, and after STAFF_LONGEST in any case."""

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if settings.SESSION_COOKIE_NAME in request.COOKIES and request.user.is_authenticated:
            now = int(time.time())
            began = request.session.setdefault("signed_in_at", now)
            seen = request.session.get("seen_at", now)
            if now - seen > settings.STAFF_IDLE.total_seconds() or now - began > settings.STAFF_LONGEST.total_seconds():
                logout(request)
            else:
                request.session["seen_at"] = now
        return self.get_response(request)


class NoStoreMiddleware:
    """Nothing that a view made stays in a browser or a proxy, unless the view said for how long."""

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        if not response.has_header("Cache-Control"):
            patch_cache_control(response, no_store=True, private=True)
        return response
