"""Pages on which a requester deletes her details or keeps them after all, and the button that sends her the link."""

from typing import Any

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from bookings.manage.banners import BANNERS
from bookings.models.bookings import Booking
from bookings.models.links import Link
from bookings.permissions import RequesterAction, must_wait_to_erase, requester_actions
from bookings.statuses import Status
from bookings.triage.booking_page import BookingButton
from data_rights.erasure import actions
from data_rights.forms import ProofForm
from data_rights.pages import ProofPage
from walkandtalk.lib import london


class ErasePage(ProofPage):
    """Say what deleting means, then ask for the PIN again or send a one-use link."""

    template_name = "data_rights/erase.html"
    purposes = (Link.Purpose.PAGE, Link.Purpose.ERASE)
    one_use_purpose = Link.Purpose.ERASE

    def is_closed(self, booking: Booking) -> bool:
        now = timezone.now()
        may = requester_actions(booking, now)
        return RequesterAction.ERASE not in may and not self.must_wait(booking)

    def must_wait(self, booking: Booking) -> bool:
        """Return whether a walk close by, or one that failed, means that she can't delete her details yet."""
        now = timezone.now()
        return RequesterAction.GET_COPY in requester_actions(booking, now) and must_wait_to_erase(booking, now)

    def get_form(self, booking: Booking) -> ProofForm:
        button = _("Delete my details") if self.may_act(booking) else _("Email me a link")
        return ProofForm(
            self.posted(), asks_for_pin=booking.asks_for_pin, button=button, is_warning=self.may_act(booking)
        )

    def context(self, booking: Booking, form: ProofForm) -> dict[str, Any]:
        now = timezone.now()
        may = requester_actions(booking, now)
        return {
            "booking": booking,
            "token": self.token,
            "must_wait": self.must_wait(booking),
            "can_cancel": RequesterAction.CANCEL in may and booking.status == Status.SCHEDULED,
            "was_cancelled_unseen": booking.cancellation_unacknowledged,
            "is_waiting_for_us": booking.status != Status.SCHEDULED,
            "is_open": booking.is_open,
            "may_act": self.may_act(booking),
            "hold": actions.hold_beyond(booking, now + actions.UNDO_PERIOD, now=now),
        }

    def decide(self, booking: Booking, form: ProofForm) -> HttpResponse:
        if not self.may_act(booking):
            actions.send_erasure_link(booking)
            return render(self.request, "data_rights/link_sent.html", {"token": self.token})
        self.prove(booking, form)
        token = actions.request_erasure(booking, one_use_token=self.one_use_token) or self.token
        return redirect("data_rights:undo_erasure", token)


class UndoErasurePage(ProofPage):
    """The only page of a requester whose details are being deleted. She can keep them after all."""

    template_name = "data_rights/undo_erasure.html"
    purposes = (Link.Purpose.PAGE, Link.Purpose.REPORT, Link.Purpose.COPY, Link.Purpose.ERASE, Link.Purpose.UNDO)
    while_erasing = True
    one_use_purpose = Link.Purpose.UNDO
    requester_action = RequesterAction.UNDO_ERASURE

    def get_form(self, booking: Booking) -> ProofForm:
        button = _("Keep my details") if self.may_act(booking) else _("Email me the link again")
        return ProofForm(self.posted(), asks_for_pin=booking.asks_for_pin, button=button)

    def context(self, booking: Booking, form: ProofForm) -> dict[str, Any]:
        now = timezone.now()
        due_at = booking.erasure_due_at or now
        return {
            "token": self.token,
            "due": london.time_and_date(due_at),
            "hold": actions.hold_beyond(booking, due_at, now=now),
            "may_act": self.may_act(booking),
        }

    def decide(self, booking: Booking, form: ProofForm) -> HttpResponse:
        if not self.may_act(booking):
            actions.send_undo_link(booking)
            return render(self.request, "data_rights/undo_link_sent.html")
        self.prove(booking, form)
        token = actions.undo_erasure(booking, one_use_token=self.one_use_token) or self.token
        BANNERS[RequesterAction.UNDO_ERASURE].show(self.request)
        return redirect("manage:page", token)


class SendErasureLinkButton(BookingButton):
    """Send the requester a link to delete her details. The inspector cannot delete them for her."""

    def press(self, booking: Booking) -> HttpResponse:
        actions.send_erasure_link(booking, by=self.request.user)
        return self.done("Sent to the address she confirmed: a link to delete her details. It works for an hour.")
