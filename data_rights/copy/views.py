"""Pages on which a requester gets a copy of her details, and the button with which an inspector sends her the link."""

import json
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_safe

from bookings.manage.page_access import COPY_SESSION_KEY, grant_copy, has_access, requester_page_required
from bookings.models.bookings import Booking
from bookings.models.links import Link
from bookings.permissions import RequesterAction
from bookings.triage.booking_page import BookingButton
from data_rights.copy import actions
from data_rights.copy.builder import build_copy
from data_rights.copy.showing import as_json, as_sections
from data_rights.forms import ProofForm
from data_rights.pages import ProofPage

FILE_NAME = "appointment.json"
"""A name that reveals nothing, on both hosts: others may see her downloads."""


class CopyPage(ProofPage):
    """Ask for the PIN again, or send a one-use link, before the copy opens."""

    template_name = "data_rights/copy.html"
    purposes = (Link.Purpose.PAGE, Link.Purpose.COPY)
    one_use_purpose = Link.Purpose.COPY
    requester_action = RequesterAction.GET_COPY

    def get_form(self, booking: Booking) -> ProofForm:
        button = _("Show my copy") if self.may_act(booking) else _("Email me a link")
        return ProofForm(self.posted(), asks_for_pin=booking.asks_for_pin, button=button)

    def context(self, booking: Booking, form: ProofForm) -> dict[str, Any]:
        return {"token": self.token, "may_act": self.may_act(booking)}

    def decide(self, booking: Booking, form: ProofForm) -> HttpResponse:
        if not self.may_act(booking):
            actions.send_copy_link(booking)
            return render(self.request, "data_rights/link_sent.html", {"token": self.token})
        self.prove(booking, form)
        token = actions.open_copy(booking, one_use_token=self.one_use_token) or self.token
        grant_copy(self.request, booking)
        return redirect("data_rights:read_copy", token)


@requester_page_required
@require_safe
def read_copy(request: HttpRequest, booking: Booking, token: str) -> HttpResponse:
    if not has_access(request, COPY_SESSION_KEY, booking):
        return redirect("data_rights:copy", token)
    copy = build_copy(booking)
    context = {"booking": booking, "token": token, "copy": copy, "sections": as_sections(copy)}
    return render(request, "data_rights/read_copy.html", context)


@requester_page_required
@require_safe
def download_copy(request: HttpRequest, booking: Booking, token: str) -> HttpResponse:
    if not has_access(request, COPY_SESSION_KEY, booking):
        return redirect("data_rights:copy", token)
    content = json.dumps(as_json(build_copy(booking)), ensure_ascii=False, indent=2)
    response = HttpResponse(content, content_type="application/json; charset=utf-8")
    response["Content-Disposition"] = f'attachment; filename="{FILE_NAME}"'
    return response


class SendCopyButton(BookingButton):
    """Send the requester a link to her copy. The inspector never sees the copy."""

    def press(self, booking: Booking) -> HttpResponse:
        actions.send_copy_link(booking, by=self.request.user)
        return self.done("Sent to the address she confirmed: a link to a copy of her details. It works for an hour.")
