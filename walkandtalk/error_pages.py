"""Error pages in the frame of the pages around them: the public's, the neutral host's, or the staff's."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render


def render_error(request: HttpRequest, name: str, *, status: int, **context: object) -> HttpResponse:
    return render(request, _template(request, name), context, status=status)


def _template(request: HttpRequest, name: str) -> str:
    if request.discreet:  # type: ignore[attr-defined]
        return f"discreet/{name}"
    is_staff_page = request.path.startswith("/staff/") and request.user.is_authenticated
    return f"staff/{name}" if is_staff_page else name
