"""Invite a guest to a walk, or withdraw one."""

from django.http import HttpResponse

from bookings.decisions.pages import WalkDecisionPage
from bookings.on_the_day.walk_page import WalkButton
from bookings.scheduling.guests import actions
from bookings.scheduling.guests.forms import GuestForm
from walks.models.walks import Walk


class InviteGuestPage(WalkDecisionPage[GuestForm]):
    form_class = GuestForm
    template_name = "bookings/scheduling/invite_guest.html"

    def decide(self, walk: Walk, form: GuestForm) -> HttpResponse:
        actions.invite_guest(walk, form.decision(), by=self.request.user, version=form.shown_version)
        return self.done("Sent. We’ll tell you when everyone has agreed, or if anyone refuses.")


class WithdrawGuestButton(WalkButton):
    def press(self, walk: Walk) -> HttpResponse:
        actions.withdraw_guest(walk, by=self.request.user, guest=self.kwargs["guest_pk"])
        return self.done("Guest removed. We’re telling everyone who was expecting them.")
