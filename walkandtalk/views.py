"""Pages of no app: the front door, the way out, the staff's door, and what is said when a page fails."""

from typing import Any

from django.conf import settings
from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.contrib.auth.views import LoginView, PasswordChangeView, redirect_to_login
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect, JsonResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.template.loader import render_to_string
from django.urls import reverse, reverse_lazy
from django.utils.crypto import constant_time_compare
from django.utils.decorators import method_decorator
from django.views.decorators.http import require_safe
from prometheus_client import CONTENT_TYPE_PLAIN_0_0_4

from bookings.models import Draft
from boroughs.forms import PasswordChangeForm, SignInForm
from boroughs.models import Officer
from boroughs.requests import OfficerRequest, works_idle
from boroughs.structured_data import government_service
from outbox import health
from walkandtalk.lib.caching import public_page
from walkandtalk.lib.govuk.pages import error_summary
from walkandtalk.middleware import sign_in_afresh

Role = Officer.Role
HOME_OF_ROLE = {
    Role.OFFICER: "staff:walks",
    Role.INSPECTOR: "staff:bookings",
    Role.LEAD: "staff:figures",
    Role.ADMINISTRATOR: "admin:index",
}


@login_not_required
@require_safe
@public_page
def home(request: HttpRequest) -> HttpResponse:
    address = f"{settings.PUBLIC_URL}{reverse('home')}"
    return render(request, "home.html", {"canonical": address, "structured_data": government_service(url=address)})


@login_not_required
@require_safe
def bland(request: HttpRequest) -> HttpResponse:
    """The root of the neutral host."""
    return render(request, "discreet/home.html")


@login_not_required
@require_safe
def no_robots(request: HttpRequest) -> HttpResponse:
    """Nothing of the neutral host is for search engines."""
    return HttpResponse("User-agent: *\nDisallow: /\n", content_type="text/plain")


@login_not_required
@require_safe
def leave(request: HttpRequest) -> HttpResponse:
    """Out at once: her answers and her session are gone before another site opens. Not a page a scanner can harm."""
    if cookie := request.COOKIES.get(settings.ANSWERS_COOKIE_NAME):
        Draft.objects.discard(cookie)
    request.session.flush()
    response = HttpResponseRedirect(settings.LEAVE_URL)
    for name in (settings.ANSWERS_COOKIE_NAME, settings.CSRF_COOKIE_NAME, settings.SESSION_COOKIE_NAME):
        response.delete_cookie(name, samesite="Lax")
    response["Clear-Site-Data"] = '"cookies", "storage"'  # never "cache": that can stall a browser for seconds
    return response


@method_decorator(login_not_required, name="dispatch")
class SignIn(LoginView):
    form_class = SignInForm
    template_name = "staff/sign_in.html"
    http_method_names = ["get", "head", "post"]  # Django's own would take a PUT for a POST
    redirect_authenticated_user = True

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        """Who was away from her phone for too long gives her password here again."""
        self.redirect_authenticated_user = not request.is_idle  # type: ignore[attr-defined]
        return super().dispatch(request, *args, **kwargs)

    def form_valid(self, form: Any) -> HttpResponse:
        response = super().form_valid(form)
        sign_in_afresh(self.request)
        return response

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        context = super().get_context_data(**kwargs)
        return {**context, "error_summary": error_summary(context["form"])}


class ChangePassword(PasswordChangeView):
    form_class = PasswordChangeForm
    template_name = "staff/password.html"
    success_url = reverse_lazy("staff-home")

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        context = super().get_context_data(**kwargs)
        return {**context, "error_summary": error_summary(context["form"])}

    def form_valid(self, form: Any) -> HttpResponse:
        messages.success(self.request, "Your password is changed.")
        return super().form_valid(form)


@login_not_required
@require_safe
def admin_sign_in(request: HttpRequest) -> HttpResponse:
    """There is one door: Django admin's own page for signing in leads to it."""
    if request.user.is_authenticated:
        raise PermissionDenied
    return redirect_to_login(request.GET.get("next", reverse("admin:index")))


def locked_out(request: HttpRequest, credentials: dict[str, Any], *args: object) -> HttpResponse:
    return render(request, "staff/locked_out.html", status=429)


@works_idle
@require_safe
def staff_home(request: OfficerRequest) -> HttpResponse:
    return redirect(HOME_OF_ROLE[Role(request.user.role)])


@login_not_required
@require_safe
def healthz(request: HttpRequest) -> HttpResponse:
    """The process answers."""
    return HttpResponse("ok", content_type="text/plain")


@login_not_required
@require_safe
def readyz(request: HttpRequest) -> HttpResponse:
    """How the parts are. Only without the database can nobody be heard, so only then is this process not ready."""
    state = health.readiness()
    return JsonResponse(state, status=200 if state["database"] else 503)


@login_not_required
@require_safe
def metrics(request: HttpRequest) -> HttpResponse:
    """For the operators' own watch. Without the token, or where none is set, there is no such page."""
    given = request.headers.get("Authorization", "").removeprefix("Bearer ")
    if not settings.METRICS_TOKEN or not constant_time_compare(given, settings.METRICS_TOKEN):
        raise Http404
    return HttpResponse(health.metrics(), content_type=CONTENT_TYPE_PLAIN_0_0_4)


def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:
    template = "discreet/403_csrf.html" if request.discreet else "403_csrf.html"  # type: ignore[attr-defined]
    return render(request, template, status=403)


def neutral_bad_request(request: HttpRequest, exception: Exception) -> HttpResponse:
    return render(request, "discreet/400.html", status=400)


def neutral_forbidden(request: HttpRequest, exception: Exception) -> HttpResponse:
    return render(request, "discreet/404.html", status=403)


def neutral_server_error(request: HttpRequest) -> HttpResponse:
    """Without a context: whatever failed may be what makes contexts."""
    return HttpResponse(render_to_string("discreet/500.html"), status=500)


def neutral_not_found(request: HttpRequest, exception: Exception) -> HttpResponse:
    return render(request, "discreet/404.html", status=404)
