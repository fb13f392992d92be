"""One frame for a booking: the request on the left, the decision on the right, and the list that it came from above."""

from collections.abc import Collection
from dataclasses import dataclass
from typing import Any

from django.contrib import messages
from django.db import models
from django.http import HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone

from accounts.requests import OfficerRequest
from bookings.decisions.flow import Form
from bookings.decisions.list_address import address_in_list, list_query
from bookings.decisions.lookups import get_decidable, how_requester_is_told
from bookings.decisions.pages import BookingDecisionPage, BookingFormPage, VersionedForm
from bookings.models.booking_queries import BookingQuerySet
from bookings.models.bookings import Booking
from bookings.models.claims import get_claim
from bookings.models.preferred_times import previous_preferred_times
from bookings.notices.contact_preferences import email_preference, phone_rules
from bookings.permissions import BookingAction, available_actions
from bookings.read_log import open_booking
from bookings.response_targets import response_target_tag
from bookings.triage.folds import fold_counts
from bookings.triage.queue.position import Position, get_position
from bookings.triage.queue.rows import booking_flags
from boroughs.posters.sources import source_name
from walkandtalk.lib.reading import untracked
from walks.planning.duty_conflicts import Conflicts

THEN, NEXT = "then", "next"
"""The name and the value of the button that saves and opens the next booking of the list."""


@dataclass(frozen=True)
class Tab:
    """A decision that is possible now, as a link of the panel."""

    label: str
    href: str
    key: str
    is_current: bool


DECISIONS = {
    BookingAction.SCHEDULE: ("Schedule", "scheduling:schedule", "s"),
    BookingAction.OFFER_TIMES: ("Offer", "scheduling:offer_times", "o"),
    BookingAction.CHANGE_WALK: ("Change", "scheduling:change_walk", "s"),
    BookingAction.DECLINE_CHANGE: ("Keep as it is", "scheduling:decline_change_request", ""),
    BookingAction.HAND_OVER: ("Hand over", "triage:hand_over", ""),
    BookingAction.DECLINE: ("Decline", "triage:decline", "d"),
    BookingAction.CANCEL: ("Cancel", "scheduling:cancel", ""),
}
"""The decisions in the order of their tabs, each with its page and its key."""


def get_bookings_in_frame(request: OfficerRequest) -> BookingQuerySet:
    """Return the bookings that the reader may see, with what the frame shows."""
    visible = Booking.objects.visible_to(request.user)
    return visible.with_request_counts(request.user, timezone.now()).for_request_frame()


def booking_frame(
    request: OfficerRequest,
    booking: Booking,
    *,
    decision: BookingAction | None = None,
    conflicts: Conflicts | None = None,
) -> dict[str, Any]:
    """Return what the frame shows. `conflicts` are those of the officers on the walk, if the page looked for them."""
    now = timezone.now()
    available = available_actions(booking, request.user, now)
    if booking.awaits_decision:
        models.prefetch_related_objects([booking], "offers")
    claim = get_claim(booking)
    return {
        "booking": booking,
        "position": get_position(request, booking),
        "tabs": _tabs(request, booking, available, decision),
        "is_tab": decision in DECISIONS,
        "response_target": response_target_tag(booking, now=now),
        "flags": booking_flags(booking, request_count=getattr(booking, "request_count", 0), conflicts=conflicts or {}),
        "is_claimed_by_user": claim is not None and claim.officer_id == request.user.pk,
        "email_preference": email_preference(booking),
        "rules": phone_rules(booking.contact),
        "poster": source_name(booking.source),
        "previous_preferred_times": previous_preferred_times(booking),
        **{f"offer_{action}": action in available for action in BookingAction},
    }


def _tabs(
    request: OfficerRequest, booking: Booking, available: Collection[BookingAction], decision: BookingAction | None
) -> list[Tab]:
    query = list_query(request)
    return [
        Tab(label, f"{reverse(name, args=[_row_of(action, booking)])}{query}", key, action == decision)
        for action, (label, name, key) in DECISIONS.items()
        if action in available or action == decision
    ]


def _row_of(action: BookingAction, booking: Booking) -> object:
    return booking.walk_id if action == BookingAction.CHANGE_WALK else booking.pk


class FramedPage(BookingFormPage[Form]):
    """A page whose form stands in the panel beside the request.

    Its filled button saves and opens the next booking of the list, at the same decision if that is possible there.
    """

    position: Position | None = None

    def find(self) -> Booking:
        if self.request.method == "POST":  # the row that an action locks, without what only the page shows
            return super().find()
        booking = get_decidable(self.request, self.pk, get_bookings_in_frame(self.request))
        open_booking(booking, by=self.request.user, reason=self.read_reason)
        return booking

    def context(self, booking: Booking, form: Form) -> dict[str, Any]:
        frame = booking_frame(self.request, booking, decision=self.booking_action)
        return {**super().context(booking, form), **frame, "folds": fold_counts(booking)}

    def answer(self, row: Booking, form: Form) -> HttpResponse:
        if self.goes_on:  # before the decision, which may take the booking out of the list
            self.position = get_position(self.request, row)
        return super().answer(row, form)

    @property
    def goes_on(self) -> bool:
        """Whether she pressed the button that opens the next booking."""
        return self.request.POST.get(THEN) == NEXT and bool(list_query(self.request))

    def how_requester_is_told(self, booking: Booking) -> str:
        return how_requester_is_told(booking, here=not self.goes_on)

    def decided(self, response: HttpResponse) -> HttpResponse:
        if self.position is None:
            return response
        following = self._following(self.position)
        if following is None:
            messages.info(self.request, f"That was the last booking in “{self.position.label}”.")
            return redirect(address_in_list(self.request, "triage:queue"))
        return redirect(address_in_list(self.request, self._page_for(following), following.pk))

    def _following(self, position: Position) -> Booking | None:
        visible = Booking.objects.visible_to(self.request.user).for_decision()
        return visible.filter(pk=position.next).first() if position.next else None

    def _page_for(self, following: Booking) -> str:
        """Return the name of the same page if she can do the same there, or else of the booking's own page."""
        with untracked():
            available = available_actions(following, self.request.user, timezone.now())
        match = self.request.resolver_match
        return match.view_name if match and self.booking_action in available else "triage:booking"


class FramedDecisionPage(FramedPage[VersionedForm], BookingDecisionPage[VersionedForm]):
    """A decision on a booking beside its request."""
