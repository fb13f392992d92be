"""The pages that ask a person to wait before she enters a password again."""

from http import HTTPStatus

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from accounts.password_tries.lanes import TooBusy
from accounts.password_tries.tries import TooManyTries

RETRY_AFTER = 5
"""Seconds: by then a few others have had their turn."""


def page_to_wait(request: HttpRequest, refused: TooManyTries | TooBusy, *, again: str = "") -> HttpResponse:
    """Show why the person has to wait, with a link to the page `again`, or else to this one."""
    if isinstance(refused, TooManyTries):
        context = {"ends_at": refused.ends_at, "is_known": refused.is_known}
        return render(request, "accounts/too_many_tries.html", context, status=HTTPStatus.TOO_MANY_REQUESTS)
    context = {"again": again or request.get_full_path()}
    response = render(request, "accounts/too_busy.html", context, status=HTTPStatus.SERVICE_UNAVAILABLE)
    response["Retry-After"] = str(RETRY_AFTER)
    return response
