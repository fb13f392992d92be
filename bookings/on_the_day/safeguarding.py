"""An officer marks a crime or a safeguarding matter on a walk."""

from typing import Any

from django.core.exceptions import PermissionDenied
from django.http import HttpResponse
from django.utils import timezone
from django.utils.html import format_html

from bookings.models.bookings import bookings_on_walk
from bookings.on_the_day.walk_page import OfficerPage
from bookings.permissions import can_mark_safeguarding_on_walk
from bookings.read_log import open_walk
from bookings.triage.safeguarding import actions
from bookings.triage.safeguarding.forms import SafeguardingOnWalkForm
from bookings.triage.safeguarding.views import RING_NEXT
from walks.models.walks import Walk


class MarkSafeguardingOnWalkPage(OfficerPage[SafeguardingOnWalkForm]):
    template_name = "bookings/triage/mark_safeguarding.html"

    def find(self) -> Walk:
        walk = super().find()
        if not can_mark_safeguarding_on_walk(self.request.user, walk, walk.live_officers(), timezone.now()):
            raise PermissionDenied
        return walk

    def get_form(self, walk: Walk) -> SafeguardingOnWalkForm:
        bookings = list(bookings_on_walk(walk))
        return SafeguardingOnWalkForm(self.posted(), women=bookings, names=not self.request.is_idle)

    def opens(self, walk: Walk, form: SafeguardingOnWalkForm) -> None:
        if form.names_them:
            open_walk(walk, [woman for woman in form.women if woman.frozen_at is None], by=self.request.user)

    def context(self, walk: Walk, form: SafeguardingOnWalkForm) -> dict[str, Any]:
        return {"walk": walk, "duty_number": walk.duty_number}

    def decide(self, walk: Walk, form: SafeguardingOnWalkForm) -> HttpResponse:
        actions.mark_safeguarding_on_walk(walk, form.chosen(), by=self.request.user)
        number = walk.duty_number
        return self.done(format_html(RING_NEXT, number.replace(" ", ""), number))
