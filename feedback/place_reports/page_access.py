"""Access to the page of someone who told us about a place, by link and PIN."""

import time
from collections.abc import Callable
from functools import wraps
from typing import Any, Concatenate

from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponseRedirect
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render

from bookings.decisions.flow import Decision, DecisionPage, Form
from bookings.manage.actions import PIN_SESSION_LIFETIME
from bookings.manage.forms import PinForm
from bookings.manage.page_access import resume
from feedback.models.contacts import ReportContact, ReportLink
from feedback.place_reports.actions import open_by_pin
from walkandtalk.lib import tokens
from walkandtalk.lib.errors import ActionError
from walkandtalk.lib.govuk.pages import render_form
from walkandtalk.lib.network import client_address

View = Callable[Concatenate[HttpRequest, ReportContact, str, ...], HttpResponseBase]
SESSION_KEY = "report_pin_good_until"


def open_report(view: View, *, before_pin: bool = False) -> Callable[..., HttpResponseBase]:
    """Pass the view the contact whose page the token opens, after the PIN if someone else may read her email.

    With `before_pin` it needs no PIN, because it shows nothing.
    """

    @login_not_required
    @wraps(view)
    def opened(request: HttpRequest, token: str, **kwargs: object) -> HttpResponseBase:
        link = ReportLink.objects.open(token)
        if link is None:
            return render(request, "feedback/place_reports/link_expired.html", status=404)
        contact = link.contact

        def show() -> HttpResponseBase:
            return view(request, contact, token, **kwargs)

        if contact.needs_pin and not before_pin and not _has_access(request, contact):
            return _ask_for_pin(request, link, token, show)
        return show()

    return opened


def grant_access(request: HttpRequest, contact: ReportContact) -> None:
    """Remember for half an hour that she gave her PIN, in a session with a new key."""
    request.session.cycle_key()
    until = int(time.time() + PIN_SESSION_LIFETIME.total_seconds())
    request.session[SESSION_KEY] = {str(contact.pk): [until, _pin_mark(contact)]}


def forget_access(request: HttpRequest) -> None:
    request.session.pop(SESSION_KEY, None)


def _has_access(request: HttpRequest, contact: ReportContact) -> bool:
    until, pin_mark = request.session.get(SESSION_KEY, {}).get(str(contact.pk), (0, ""))
    return bool(until > time.time() and pin_mark == _pin_mark(contact))


def _pin_mark(contact: ReportContact) -> str:
    return tokens.token_hash(contact.pin_hmac)[:16]


def _ask_for_pin(
    request: HttpRequest, link: ReportLink, token: str, show: Callable[[], HttpResponseBase]
) -> HttpResponseBase:
    """Ask for the PIN, keep what she typed before, and continue with it once the PIN is right."""
    contact = link.contact
    form = PinForm(request.POST, booking=contact.pk)
    if form.is_valid():
        try:
            open_by_pin(link, pin=form.cleaned_data["pin"], network=client_address(request))
        except ActionError as error:
            form.add_error("pin", str(error))
        else:
            grant_access(request, contact)
            return resume(request, form, show)
    offer = contact.confirmed_at is None
    template = "feedback/place_reports/pin.html"
    return render_form(request, template, form, typed=form.typed, token=token, offer_not_mine=offer)


class HerDecision(Decision[ReportContact]):
    """A decision on her page. Until she has confirmed that it was her, it leads back to the question."""

    contact: ReportContact
    token: str

    @classmethod
    def as_view(cls, **initkwargs: Any) -> Callable[..., HttpResponseBase]:
        return open_report(super().as_view(**initkwargs))

    def setup(self, request: HttpRequest, *args: Any, **kwargs: Any) -> None:
        super().setup(request, *args, **kwargs)
        self.contact, self.token = args

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        if self.contact.confirmed_at is None:
            return self.back()
        return super().dispatch(request, *args, **kwargs)

    def find(self) -> ReportContact:
        return self.contact

    def back(self) -> HttpResponseRedirect:
        return redirect("tell_us:page", self.token)


class HerPage(HerDecision, DecisionPage[ReportContact, Form]):
    """A page with a form, opened from her page."""

    def context(self, contact: ReportContact, form: Form) -> dict[str, Any]:
        return {"token": self.token, "contact": contact}
