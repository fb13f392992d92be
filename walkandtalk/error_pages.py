"""Error pages in the frame of the pages around them: the public's, the neutral host's, or the staff's."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.template.loader import render_to_string

from walkandtalk.lib.monitoring.request_ids import error_code


def render_error(request: HttpRequest, name: str, *, status: int, **context: object) -> HttpResponse:
    return render(request, _template(request, name), context | {"error_code": error_code()}, status=status)


def render_failure(name: str, *, status: int, **context: object) -> HttpResponse:
    """Render without a request context, because a context processor or the database may be what failed."""
    return HttpResponse(render_to_string(name, context | {"error_code": error_code()}), status=status)


def _template(request: HttpRequest, name: str) -> str:
    if request.discreet:  # type: ignore[attr-defined]
        return f"discreet/{name}"
    is_staff_page = request.path.startswith("/staff/") and request.user.is_authenticated
    return f"staff/{name}" if is_staff_page else name
