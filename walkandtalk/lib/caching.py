"""What may be kept by browsers and by whatever stands between them and us."""

from collections.abc import Callable
from functools import wraps

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.utils.cache import patch_cache_control
from django.views.decorators.http import conditional_page

View = Callable[..., HttpResponse]

CACHE_SECONDS = 300


def public_page(view: View) -> View:
    """The same page for everybody: it may be kept for a few minutes, and who asks again then is answered 304.

    Not for somebody with a session, whose cookie goes out with the answer, and not with the token of a form.
    """

    @conditional_page
    @wraps(view)
    def kept(request: HttpRequest, *args: object, **kwargs: object) -> HttpResponse:
        response = view(request, *args, **kwargs)
        if _is_public(request, response):
            patch_cache_control(response, public=True, max_age=CACHE_SECONDS)
        else:
            patch_cache_control(response, no_store=True, private=True)
        return response

    return kept


def _is_public(request: HttpRequest, response: HttpResponse) -> bool:
    has_session = settings.SESSION_COOKIE_NAME in request.COOKIES
    has_token = "CSRF_COOKIE_NEEDS_UPDATE" in request.META
    return response.status_code == 200 and not (has_session or has_token or response.cookies)
