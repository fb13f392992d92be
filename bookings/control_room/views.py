"""The page of the control room: type, press Enter, read yes or no."""

from django.core.exceptions import PermissionDenied
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods

from accounts.requests import OfficerRequest, posted_data
from bookings.control_room import actions
from bookings.control_room.forms import CheckForm
from bookings.permissions import can_check_officers
from walkandtalk.lib.govuk.pages import render_form
from walkandtalk.lib.network import client_address

SESSION_KEY = "officer_check"


@require_http_methods(["GET", "POST"])
def check_officers(request: OfficerRequest) -> HttpResponse:
    """Ask, then show the answer once, at the same address. Reloading it or going back shows an empty form."""
    if not can_check_officers(request.user):
        raise PermissionDenied
    form = CheckForm(posted_data(request))
    if request.method == "POST" and form.is_valid():
        return _answer(request, form)
    answer = request.session.pop(SESSION_KEY, None) if request.method == "GET" else None
    if answer is not None:
        return render(request, "bookings/control_room/answer.html", answer)
    return render_form(request, "bookings/control_room/check.html", form)


def _answer(request: OfficerRequest, form: CheckForm) -> HttpResponse:
    asked = form.asked()
    try:
        is_yes = actions.check_officers(asked, by=request.user, network=client_address(request))
    except actions.TooManyChecks as error:
        form.add_error(None, str(error))
        return render_form(request, "bookings/control_room/check.html", form, status=429)
    request.session[SESSION_KEY] = {"is_yes": is_yes, "by_number": bool(asked.shoulder_number)}
    return redirect("control_room:check")
