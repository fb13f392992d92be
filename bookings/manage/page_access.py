"""Access to the requester's page, by link and PIN."""

import datetime
import time
from collections.abc import Callable
from functools import wraps
from typing import Concatenate

from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.utils import timezone

from bookings.manage.actions import PIN_SESSION_LIFETIME, open_by_pin
from bookings.manage.forms import InterruptingForm, NewPinForm, PinForm
from bookings.manage.pins.actions import choose_pin
from bookings.models.bookings import Booking
from bookings.models.links import Link
from bookings.models.undoable_decisions import is_news_held
from bookings.permissions import may_show_details
from boroughs.help_contacts import help_contacts_by_purpose
from walkandtalk.lib import tokens
from walkandtalk.lib.errors import ActionError
from walkandtalk.lib.govuk.pages import render_form
from walkandtalk.lib.network import client_address

View = Callable[Concatenate[HttpRequest, Booking, str, ...], HttpResponseBase]
Proceed = Callable[[], HttpResponseBase]
SESSION_KEY = "pin_good_until"
NEW_PIN_SESSION_KEY = "chooses_pin_until"
COPY_SESSION_KEY = "copy_good_until"
ACCESS_SESSION_KEYS = (SESSION_KEY, NEW_PIN_SESSION_KEY, COPY_SESSION_KEY)
COPY_SESSION_LIFETIME = datetime.timedelta(minutes=10)
"""How long the copy stays open after the requester proved that it is hers (docs/rules.md#her-rights)."""


def open_link(
    *purposes: Link.Purpose, while_erasing: bool = False
) -> Callable[[View], Callable[..., HttpResponseBase]]:
    """Pass the view the booking that the token opens, after the PIN if someone else may read the requester's email.

    The PIN is asked for again after half an hour. While the requester's details are being deleted, every page but
    those with `while_erasing` leads to the one that says so.
    """

    def decorate(view: View) -> Callable[..., HttpResponseBase]:
        @login_not_required
        @wraps(view)
        def opened(request: HttpRequest, token: str, **kwargs: object) -> HttpResponseBase:
            link = Link.objects.open(token, *purposes)
            if link is None:
                return render(request, "bookings/manage/link_expired.html", status=404)
            request.opened_link = link  # type: ignore[attr-defined]
            booking = link.booking
            if booking.frozen_at is not None:
                return render(request, "bookings/manage/frozen.html", {"helplines": help_contacts_by_purpose()})
            if link.purpose == Link.Purpose.FREEZE:  # it opens nothing, and her PIN may be another's by now
                return view(request, booking, token, **kwargs)

            def show() -> HttpResponseBase:
                if booking.awaits_erasure and not while_erasing:
                    return redirect("data_rights:undo_erasure", token)
                return _news_held_page(request, booking) or view(request, booking, token, **kwargs)

            if has_access(request, NEW_PIN_SESSION_KEY, booking):
                return _choose_pin(request, booking, show)
            if booking.needs_pin and not has_access(request, SESSION_KEY, booking):
                return _ask_for_pin(request, booking, show)
            return show()

        return opened

    return decorate


def _news_held_page(request: HttpRequest, booking: Booking) -> HttpResponse | None:
    """Ask her to look again in a minute, while an inspector can still undo what the page would say.

    What she presses still counts, because after it the inspector can't undo the decision.
    """
    if request.method not in ("GET", "HEAD") or not is_news_held(booking.pk, booking.version, timezone.now()):
        return None
    return render(request, "bookings/manage/news_held.html")


requester_page_required = open_link(Link.Purpose.PAGE)


def is_shown_details(request: HttpRequest, booking: Booking) -> bool:
    """Return whether the page may say more than the message that brought its reader here.

    A link in a message shows that its reader reads that inbox. A PIN shows that she is the requester.
    """
    return may_show_details(booking, is_opened_by_pin=is_opened_by_pin(request, booking))


def is_opened_by_pin(request: HttpRequest, booking: Booking) -> bool:
    return booking.needs_pin or not request.opened_link.email_hmac  # type: ignore[attr-defined]


def grant_access(request: HttpRequest, booking: Booking) -> None:
    """Remember for half an hour that the requester gave her PIN."""
    request.session.pop(NEW_PIN_SESSION_KEY, None)
    _remember(request, SESSION_KEY, booking, lifetime=PIN_SESSION_LIFETIME)


def grant_copy(request: HttpRequest, booking: Booking) -> None:
    """Remember for ten minutes that the requester proved that the copy is hers."""
    _remember(request, COPY_SESSION_KEY, booking, lifetime=COPY_SESSION_LIFETIME)


def require_new_pin(request: HttpRequest, booking: Booking) -> None:
    """Make the requester choose her own PIN before she sees anything, because she used a one-time PIN."""
    request.session.pop(SESSION_KEY, None)
    _remember(request, NEW_PIN_SESSION_KEY, booking, lifetime=PIN_SESSION_LIFETIME)


def has_given_pin(request: HttpRequest, booking: Booking) -> bool:
    """Return whether she gave her PIN within the last half hour. A page opened by a link alone need not ask for it."""
    return has_access(request, SESSION_KEY, booking)


def _remember(request: HttpRequest, key: str, booking: Booking, *, lifetime: datetime.timedelta) -> None:
    """Remember the access in a session with a new key, so that a key planted before the PIN opens nothing.

    It ends when the PIN changes, because a person who knew the earlier PIN may be the reason for the change.
    """
    request.session.cycle_key()
    request.session[key] = {str(booking.pk): [int(time.time() + lifetime.total_seconds()), _pin_mark(booking)]}


def _pin_mark(booking: Booking) -> str:
    """Return a mark that changes with the PIN and shows nothing of it."""
    return tokens.token_hash(booking.contact.pin_hmac)[:16]


def has_access(request: HttpRequest, key: str, booking: Booking) -> bool:
    """Return whether this session still has this access to the booking."""
    until, pin_mark = request.session.get(key, {}).get(str(booking.pk), (0, ""))
    return bool(until > time.time() and pin_mark == _pin_mark(booking))


def _choose_pin(request: HttpRequest, booking: Booking, proceed: Proceed) -> HttpResponseBase:
    """Ask for a new PIN, and continue with what the requester typed before."""
    form = NewPinForm(request.POST, booking=booking.pk)
    if form.is_valid():
        choose_pin(booking, pin=form.cleaned_data["new_pin"])
        grant_access(request, booking)
        return resume(request, form, proceed)
    return render_form(request, "bookings/manage/new_pin.html", form)


def _ask_for_pin(request: HttpRequest, booking: Booking, proceed: Proceed) -> HttpResponseBase:
    """Ask for the PIN, keep what the requester typed before, and continue with it once the PIN is right."""
    form = PinForm(request.POST, booking=booking.pk)
    if form.is_valid():
        try:
            pin = form.cleaned_data["pin"]
            chooses = open_by_pin(booking, pin=pin, network=client_address(request), allow_one_time=True)
        except ActionError as error:
            form.add_error("pin", str(error))
        else:
            if chooses:
                require_new_pin(request, booking)
                if not form.typed:
                    return redirect(request.path)
                return render_form(request, "bookings/manage/new_pin.html", NewPinForm(form.typed, booking=booking.pk))
            grant_access(request, booking)
            return resume(request, form, proceed)
    return render_form(request, "bookings/manage/pin.html", form, typed=form.typed)


def resume(request: HttpRequest, form: InterruptingForm, proceed: Proceed) -> HttpResponseBase:
    """Answer the form that was interrupted, or show the page."""
    if not form.typed:
        return redirect(request.path)
    form.typed["pin"] = form.cleaned_data[form.asked]
    request.POST = form.typed  # type: ignore[assignment]  # the view reads both forms as one
    return proceed()
