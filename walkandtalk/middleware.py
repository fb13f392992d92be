"""Middleware for every request."""

from collections.abc import Callable
from http import HTTPStatus
from typing import Any
from urllib.parse import unquote_to_bytes, urlsplit

from django.conf import settings
from django.contrib import messages
from django.contrib.auth import logout
from django.contrib.auth import middleware as auth_middleware
from django.contrib.auth.models import AnonymousUser
from django.contrib.auth.views import redirect_to_login
from django.core.exceptions import BadRequest
from django.http import HttpRequest, HttpResponse, HttpResponseNotAllowed, QueryDict
from django.http.request import split_domain_port
from django.http.response import HttpResponseBase
from django.urls import is_valid_path
from django.utils import timezone
from django.utils.cache import patch_cache_control

from accounts.limits import track_reached_limits
from accounts.models import SecurityEventKind
from accounts.security_log import record_refusal_once, record_security_event, route_name
from accounts.sessions.activity import is_session_expired, record_activity
from accounts.sessions.unsent_forms import keep_unsent_form, read_unsent_form
from bookings.need_to_know import Paused, ReasonNeeded
from bookings.read_log import write_read_log
from bookings.triage.reasons.views import paused_page, reason_page
from boroughs.models.officers import Officer
from walkandtalk.error_pages import render_error
from walkandtalk.lib.reading import track_reading
from walkandtalk.monitoring.metrics import is_monitoring
from walks.models.walks import Walk

GetResponse = Callable[[HttpRequest], HttpResponse]
View = Callable[..., HttpResponseBase]

NUL = "\x00"
REPLACED = "\ufffd"


class MonitoringHostMiddleware:
    """Lets the operators' monitoring read /metrics of each web process by an address of its own, none of our hosts.

    Without the token nothing changes, so that such a request is refused like any other.
    """

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if request.path == "/metrics" and is_monitoring(request):
            request.META["HTTP_HOST"] = urlsplit(settings.PUBLIC_URL).netloc
        return self.get_response(request)


class DiscreetHostMiddleware:
    """Gives the neutral host its own small URL configuration and no other page.

    docs/rules.md#neutral-host
    """

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        request.discreet = _is_discreet(request.get_host())  # type: ignore[attr-defined]
        if request.discreet:  # type: ignore[attr-defined]
            request.urlconf = "walkandtalk.discreet_urls"
        return self.get_response(request)


def _is_discreet(host: str) -> bool:
    """Return whether this is the neutral host, however it is spelt: "EXAMPLE.ORG.", or with its default port."""
    ours = urlsplit(settings.DISCREET_URL)
    usual = "443" if ours.scheme == "https" else "80"
    domain, port = split_domain_port(host)
    return (domain, port or usual) == (ours.hostname, str(ours.port or usual))


class ReadableTextMiddleware:
    """Refuses input that is not text: bytes that are not UTF-8, including lone surrogates, and NUL.

    PostgreSQL accepts no NUL, and Django would replace such bytes with U+FFFD, which changes what a person wrote.
    A U+FFFD that she pasted herself is ordinary text and stays.
    """

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        # Whatever the request claims, because browsers send nothing else. Pages for a missing address read it too.
        request.encoding = "utf-8"
        # No cookie of ours contains NUL, and one would fail in the session table before the view is known.
        request.COOKIES = {name: value for name, value in request.COOKIES.items() if NUL not in name + value}
        return self.get_response(request)

    def process_view(self, request: HttpRequest, view: Callable[..., HttpResponse], *args: object) -> None:
        query = request.META.get("QUERY_STRING", "").encode("latin-1")
        takes_file = getattr(view, "takes_file", False) and request.content_type == "multipart/form-data"
        if takes_file and any(REPLACED in text for text in request.POST.values()):
            raise BadRequest("unreadable text")  # it can't be told from one that was typed, and nobody needs to type it
        posted = request.body if request.method == "POST" and not takes_file else b""
        is_multipart = request.content_type == "multipart/form-data"
        parts = [unquote_to_bytes(query), posted if is_multipart else unquote_to_bytes(posted)]
        if not all(map(_is_utf8, parts)) or NUL in request.path or _holds_nul(request.GET) or _holds_nul(request.POST):
            raise BadRequest("unreadable text")


def _is_utf8(sent: bytes) -> bool:
    try:
        sent.decode()
    except UnicodeDecodeError:
        return False
    return True


def _holds_nul(data: QueryDict) -> bool:
    return any(NUL in text for key, values in data.lists() for text in [key, *values])


class StaffSessionMiddleware:
    """Signs officers out after STAFF_IDLE without a request, and after STAFF_LONGEST in any case.

    Around the time of her walk, an officer stays signed in for its buttons only: nothing personal is shown
    (docs/decisions/idle-phones.md). A form that was sent too late is shown again, filled in, after signing in.
    """

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        request.is_active, request.is_idle, request.signed_out_officer = False, False, None  # type: ignore[attr-defined]
        if settings.SESSION_COOKIE_NAME in request.COOKIES and request.user.is_authenticated:
            if not is_session_expired(request):
                request.is_active = True  # type: ignore[attr-defined]
            elif Walk.objects.with_actions_open_to(request.user, timezone.now()).exists():
                request.is_idle = True  # type: ignore[attr-defined]
            else:
                officer = request.user
                logout(request)
                request.signed_out_officer = officer  # type: ignore[attr-defined]
        return self.get_response(request)

    def process_view(
        self, request: HttpRequest, view: Callable[..., HttpResponse], args: object, kwargs: object
    ) -> HttpResponse | None:
        if request.is_active and not getattr(view, "in_background", False):  # type: ignore[attr-defined]
            record_activity(request)
        if not getattr(view, "login_required", True):
            if request.is_idle:  # type: ignore[attr-defined]
                request.user = AnonymousUser()  # for the steps of signing in again
            return None
        if officer := request.signed_out_officer:  # type: ignore[attr-defined]
            keep_unsent_form(request, officer)
        elif request.is_idle and not getattr(view, "allow_idle_session", False):  # type: ignore[attr-defined]
            keep_unsent_form(request, request.user)  # type: ignore[arg-type]
            return redirect_to_login(request.get_full_path())
        elif request.user.is_authenticated:
            _show_unsent_form(request)
        return None


def _show_unsent_form(request: HttpRequest) -> None:
    request.unsent_form = read_unsent_form(request, request.user)  # type: ignore[attr-defined, arg-type]
    if request.unsent_form is not None:  # type: ignore[attr-defined]
        messages.warning(request, "Nothing was saved yet. Check what you typed and send it again.")


class LoginRequiredMiddleware(auth_middleware.LoginRequiredMiddleware):
    """Asks people to sign in, except on pages that are open to everyone.

    Django's reads the session on those as well, and then every public page says that it varies by cookie.
    """

    def process_view(
        self, request: HttpRequest, view_func: View, view_args: tuple[Any, ...], view_kwargs: dict[Any, Any]
    ) -> HttpResponseBase | None:
        if not getattr(view_func, "login_required", True):
            return None
        return super().process_view(request, view_func, view_args, view_kwargs)


class ReadLogMiddleware:
    """Logs which personal details a response shows to staff, before it leaves. If that fails, she sees nothing.

    docs/rules.md#read-log
    """

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if settings.SESSION_COOKIE_NAME not in request.COOKIES:
            return self.get_response(request)
        with track_reading() as reading:
            response = self.get_response(request)
            if reading.opened and not _is_redirect(response) and request.user.is_authenticated:
                write_read_log(reading, by=request.user)
        return response


def _is_redirect(response: HttpResponse) -> bool:
    """Return whether the response shows nothing of what an action has read for its messages."""
    return 300 <= response.status_code < 400


class SecurityLogMiddleware:
    """Logs a 403 to someone who has signed in, and a limit that anyone has reached, once a window.

    It looks at the finished response, because the transaction of a refusal may have been rolled back. No other page
    costs a query (docs/rules.md#security-log).
    """

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        with track_reached_limits() as limits:
            response = self.get_response(request)
        if response.status_code == HTTPStatus.FORBIDDEN and (officer := _signed_in(request)):
            record_security_event(SecurityEventKind.FORBIDDEN, officer=officer, route=route_name(request))
        if limits:
            kind, officer = SecurityEventKind.LIMIT_REACHED, _signed_in(request)
            record_refusal_once(kind, limits, officer=officer, route=route_name(request))
        return response


def _signed_in(request: HttpRequest) -> Officer | None:
    """Return who has signed in. Without a session cookie nobody has, and the session need not be read."""
    if settings.SESSION_COOKIE_NAME not in request.COOKIES or not request.user.is_authenticated:
        return None
    return request.user


class NeedToKnowMiddleware:
    """Asks why she needs a requester's details, or to wait, if the page that an inspector opens says so.

    docs/rules.md#need-to-know
    """

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_exception(self, request: HttpRequest, exception: Exception) -> HttpResponse | None:
        if isinstance(exception, ReasonNeeded):
            return reason_page(request, exception)  # type: ignore[arg-type]
        if isinstance(exception, Paused):
            return paused_page(request, exception)  # type: ignore[arg-type]
        return None


class MethodNotAllowedMiddleware:
    """Gives a 405 a page that says what happened, and the page to go back to.

    An officer who presses a button after her session has ended signs in, and is led to the address of that button.
    """

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        if not isinstance(response, HttpResponseNotAllowed):
            return response
        page = render_error(request, "405.html", status=405, page_above=_page_above(request))
        page["Allow"] = response["Allow"]
        return page


def _page_above(request: HttpRequest) -> str:
    """Return the nearest address above this one that is a page, such as the booking's for each of its buttons."""
    path = request.path
    while path != "/":
        path = path.rstrip("/").rpartition("/")[0] + "/"
        if is_valid_path(path, getattr(request, "urlconf", None)):
            return path
    return "/"


class NoStoreMiddleware:
    """Keeps responses out of browser and proxy caches, unless the view sets Cache-Control.

    It is outside all others that may answer, so that a request which one of them refuses is not stored either.
    """

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        if not response.has_header("Cache-Control"):
            patch_cache_control(response, no_store=True, private=True)
        return response
