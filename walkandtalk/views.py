"""Pages that belong to no app: the home page, quick exit, health checks and error pages."""

import sys

from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.db import InterfaceError, OperationalError
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect, JsonResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_safe
from prometheus_client import CONTENT_TYPE_PLAIN_0_0_4

from bookings.models.drafts import Draft
from boroughs.public_pages.areas import slowest_answer_days
from boroughs.public_pages.structured_data import government_service
from boroughs.statements import statements
from feedback.models.improvements import Improvement
from figures.public_pages.figures import walks_in_a_year
from outbox import health
from walkandtalk.error_pages import render_error, render_failure
from walkandtalk.lib.caching import public_page
from walkandtalk.lib.monitoring.request_ids import error_code
from walkandtalk.monitoring.metrics import all_metrics, is_monitoring


@login_not_required
@require_safe
@public_page
def home(request: HttpRequest) -> HttpResponse:
    address = f"{settings.PUBLIC_URL}{reverse('home')}"
    texts = statements().texts
    context = {
        "canonical": address,
        "structured_data": government_service(url=address),
        "answer_working_days": slowest_answer_days(),
        "recorded": [texts[code] for code in ("cameras", "crimes", "children") if texts[code]],
        "walks_in_a_year": walks_in_a_year(),
        "fixes": Improvement.objects.for_home_page(),
    }
    return render(request, "home.html", context)


@login_not_required
@require_safe
def neutral_home(request: HttpRequest) -> HttpResponse:
    """Show the neutral host's home page."""
    return render(request, "discreet/home.html")


@login_not_required
@require_safe
def neutral_robots(request: HttpRequest) -> HttpResponse:
    """Keep search engines away from the neutral host."""
    return HttpResponse("User-agent: *\nDisallow: /\n", content_type="text/plain")


@login_not_required
@require_safe
def quick_exit(request: HttpRequest) -> HttpResponse:
    """Delete the visitor's answers and session, then open another site. Harmless if a link scanner opens it."""
    if cookie := request.COOKIES.get(settings.ANSWERS_COOKIE_NAME):
        Draft.objects.discard(cookie)
    request.session.flush()
    response = HttpResponseRedirect(settings.LEAVE_URL)
    for name in (settings.ANSWERS_COOKIE_NAME, settings.CSRF_COOKIE_NAME, settings.SESSION_COOKIE_NAME):
        response.delete_cookie(name, samesite="Lax")
    response["Clear-Site-Data"] = '"cookies", "storage"'  # never "cache", which can stall a browser for seconds
    return response


@login_not_required
@require_safe
def healthz(request: HttpRequest) -> HttpResponse:
    """Answer as long as the process runs."""
    return HttpResponse("ok", content_type="text/plain")


@login_not_required
@require_safe
def readyz(request: HttpRequest) -> HttpResponse:
    """Report the state of each part. This process is not ready only if the database is down."""
    state = health.readiness()
    return JsonResponse(state, status=200 if state["database"] else 503)


@login_not_required
@require_safe
def metrics(request: HttpRequest) -> HttpResponse:
    """Show metrics to the operators' monitoring. Answer 404 without the token, or if none is configured."""
    if not is_monitoring(request):
        raise Http404
    return HttpResponse(all_metrics(), content_type=CONTENT_TYPE_PLAIN_0_0_4)


def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:
    folder = "discreet/" if request.discreet else "staff/" if request.path.startswith("/staff/") else ""  # type: ignore[attr-defined]
    return render(request, f"{folder}403_csrf.html", {"error_code": error_code()}, status=403)


def forbidden(request: HttpRequest, exception: Exception) -> HttpResponse:
    return render_error(request, "403.html", status=403)


def not_found(request: HttpRequest, exception: Exception) -> HttpResponse:
    return render_error(request, "404.html", status=404)


def too_many_requests(request: HttpRequest) -> HttpResponse:
    """Answer for django-allauth, which limits how often someone who is signed in confirms that it’s them."""
    return render(request, "staff/429.html", status=429)


def neutral_bad_request(request: HttpRequest, exception: Exception) -> HttpResponse:
    return render(request, "discreet/400.html", status=400)


def neutral_forbidden(request: HttpRequest, exception: Exception) -> HttpResponse:
    return render(request, "discreet/404.html", status=403)


def server_error(request: HttpRequest) -> HttpResponse:
    return _failure(is_staff_page=request.path.startswith(("/staff/", "/admin/")))


def neutral_server_error(request: HttpRequest) -> HttpResponse:
    return _failure(folder="discreet/")


def _failure(*, folder: str = "", is_staff_page: bool = False) -> HttpResponse:
    """Say that we failed, or that the database doesn't answer: then the same request may succeed in a minute."""
    if not isinstance(sys.exception(), OperationalError | InterfaceError):
        return render_failure(f"{folder}500.html", status=500, is_staff_page=is_staff_page)
    context = {"run_by": settings.ORGANISATION, "is_staff_page": is_staff_page}
    page = render_failure(f"{folder}503.html", status=503, **context)
    page["Retry-After"] = "30"
    return page


def neutral_not_found(request: HttpRequest, exception: Exception) -> HttpResponse:
    return render(request, "discreet/404.html", status=404)
