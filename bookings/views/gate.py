"""The way from a link to the booking that it opens."""

import time
from collections.abc import Callable
from functools import wraps
from typing import Concatenate

from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render

from bookings import actions
from bookings.forms.returning import PinForm
from bookings.models import Booking, Link
from walkandtalk.lib.govuk.pages import render_form
from walkandtalk.lib.network import client_address

View = Callable[Concatenate[HttpRequest, Booking, str, ...], HttpResponse]
SESSION_KEY = "pin_good_until"
NOT_TYPED = ("pin", "csrfmiddlewaretoken")


def opened_by_link(*purposes: Link.Purpose) -> Callable[[View], Callable[..., HttpResponse]]:
    """Give the view the booking that this token opens, once the PIN is given where somebody else may read her post."""

    def decorate(view: View) -> Callable[..., HttpResponse]:
        @login_not_required
        @wraps(view)
        def opened(request: HttpRequest, token: str, **kwargs: object) -> HttpResponse:
            link = Link.objects.open(token, *purposes)
            if link is None:
                return render(request, "bookings/returning/link_dead.html", status=404)
            if link.booking.needs_pin and not _pin_is_good(request, link.booking):
                return _ask_for_pin(request, link.booking, lambda: view(request, link.booking, token, **kwargs))
            return view(request, link.booking, token, **kwargs)

        return opened

    return decorate


her_page = opened_by_link(Link.Purpose.PAGE)


def let_in(request: HttpRequest, booking: Booking) -> None:
    """Remember that she gave her PIN, for half an hour."""
    request.session[SESSION_KEY] = {str(booking.pk): int(time.time() + actions.PIN_GOOD_FOR.total_seconds())}


def _pin_is_good(request: HttpRequest, booking: Booking) -> bool:
    return bool(request.session.get(SESSION_KEY, {}).get(str(booking.pk), 0) > time.time())


def _ask_for_pin(request: HttpRequest, booking: Booking, go_on: Callable[[], HttpResponse]) -> HttpResponse:
    """What she had typed when her half hour was over goes along, and on once the PIN is right."""
    typed = {name: values for name, values in request.POST.lists() if name not in NOT_TYPED}
    form = PinForm(request.POST if "pin" in request.POST else None, typed=typed)
    if form.is_valid():
        try:
            actions.open_by_pin(booking, pin=form.cleaned_data["pin"], network=client_address(request))
        except actions.BookingError as error:
            form.add_error("pin", str(error))
        else:
            let_in(request, booking)
            return go_on() if typed else redirect(request.path)
    return render_form(request, "bookings/returning/pin.html", form, typed=typed)
