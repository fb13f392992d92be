"""Requests from staff who have signed in."""

from collections.abc import Callable
from typing import TypeVar

from django.http import HttpRequest, QueryDict
from django.http.response import HttpResponseBase

from boroughs.models.officers import Officer

View = TypeVar("View", bound=Callable[..., HttpResponseBase])


class OfficerRequest(HttpRequest):
    user: Officer
    is_idle: bool  # the session is idle: walk buttons work, but nothing personal is shown


def allow_idle_session(view: View) -> View:
    """Open this view to an officer whose session is idle. Every other page asks her to sign in again."""
    view.allow_idle_session = True  # type: ignore[attr-defined]
    return view


def in_background(view: View) -> View:
    """Say that pages ask for this by themselves. Nobody needs to be there, so it doesn't keep her signed in."""
    view.in_background = True  # type: ignore[attr-defined]
    return view


def takes_file(view: View) -> View:
    """Let this view receive a file. Every other page takes text alone, and refuses any bytes that are not text."""
    view.takes_file = True  # type: ignore[attr-defined]
    return view


def posted_data(request: HttpRequest) -> QueryDict | None:
    """Return what was posted, for a form that is bound only then. A GET may show it and never act on it.

    After signing in again, the page shows what was posted to it when the session had ended.
    """
    return request.POST if request.method == "POST" else getattr(request, "unsent_form", None)
