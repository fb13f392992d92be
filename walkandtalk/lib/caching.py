"""Caching in browsers and proxies."""

from collections.abc import Callable
from functools import wraps
from typing import cast

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.middleware.gzip import GZipMiddleware
from django.utils.cache import patch_cache_control
from django.views.decorators.http import conditional_page

View = Callable[..., HttpResponse]

CACHE_SECONDS = 300
PROXY_SECONDS = 10
"""A proxy keeps a page for so short a time that an urgent change (“No walks until …”) shows at once, and web still
answers each address six times a minute at most.
"""
TEXT_ENDINGS = ("json", "xml")
"""Of media types such as application/json and application/atom+xml. Pictures and PDF files are compressed already."""
GZIP = GZipMiddleware(lambda request: HttpResponse())


def public_page(view: View) -> View:
    """Let browsers cache this page for five minutes and proxies for ten seconds, and answer 304 if it has not changed.

    This applies only to pages that are the same for everyone: without a session cookie and without a form token. Such a
    page is compressed, because without a secret in it its length tells nothing (the BREACH attack). It never varies by
    cookie, so that one copy is enough for all: the proxy does not even pass cookies on (docs/proxy.md).
    """

    @conditional_page
    @wraps(view)
    def kept(request: HttpRequest, *args: object, **kwargs: object) -> HttpResponse:
        response = view(request, *args, **kwargs)
        if _is_public(request, response):
            patch_cache_control(response, public=True, max_age=CACHE_SECONDS, s_maxage=PROXY_SECONDS)
        else:
            patch_cache_control(response, no_store=True, private=True)
        return response

    @wraps(view)
    def compressed(request: HttpRequest, *args: object, **kwargs: object) -> HttpResponse:
        response = kept(request, *args, **kwargs)
        is_public = "public" in response.headers.get("Cache-Control", "")
        return (
            cast(HttpResponse, GZIP.process_response(request, response))
            if is_public and _is_text(response)
            else response
        )

    return compressed


def _is_text(response: HttpResponse) -> bool:
    media_type = response.headers.get("Content-Type", "").partition(";")[0]
    return media_type.startswith("text/") or media_type.endswith(TEXT_ENDINGS)


def _is_public(request: HttpRequest, response: HttpResponse) -> bool:
    has_session = settings.SESSION_COOKIE_NAME in request.COOKIES
    has_token = "CSRF_COOKIE_NEEDS_UPDATE" in request.META
    return response.status_code == 200 and not (has_session or has_token or response.cookies)
