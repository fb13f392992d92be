"""The form for changing a walk."""

import itertools
from collections.abc import Collection, Mapping
from typing import Any

from django import forms
from django.utils import timezone

from bookings.models.bookings import Booking
from bookings.models.preferred_times import PreferredTime
from bookings.scheduling.adjustment_fields import ConfirmAdjustmentsFields
from bookings.scheduling.adjustments import ArrangedAdjustment
from bookings.scheduling.changes.actions import WalkChange, needs_adjustments_confirmed
from bookings.scheduling.walk_form.forms import DETAILS_FIELDS, WalkForm
from bookings.scheduling.walk_form.unusual_times import UnusualTime, find_unusual
from boroughs.models.officers import Officer
from walkandtalk.lib import london
from walks.models.walks import Walk


class ChosenRequestForm(forms.Form):
    """The change request that the inspector is about to grant: whose it is, and which of the times."""

    of = forms.UUIDField(required=False)
    preferred_time = forms.IntegerField(min_value=1, max_value=9, required=False)

    def chosen(self, bookings: list[Booking]) -> tuple[Booking, PreferredTime] | None:
        """Return the booking whose change request the inspector chose, and the time. Return None if she chose none."""
        if not self.is_valid():
            return None
        chosen = self.cleaned_data["of"], self.cleaned_data["preferred_time"]
        with_requests = [booking for booking in bookings if booking.has_open_change_request]
        pairs = (
            (booking, preferred_time)
            for booking in with_requests
            for preferred_time in booking.current_preferred_times()
        )
        return next((pair for pair in pairs if (pair[0].pk, pair[1].rank) == chosen), None)


class AddOfficerForm(forms.Form):
    """The officer to add to the walk."""

    add = forms.IntegerField(min_value=1, max_value=2**31, required=False)

    def officer_id(self) -> int | None:
        """Return the officer's id, or None if the URL is invalid."""
        return self.cleaned_data["add"] if self.is_valid() else None


class ChangeForm(WalkForm):
    needs: ConfirmAdjustmentsFields
    button = "Change the walk"

    def __init__(
        self, data: Mapping[str, Any] | None = None, *, walk: Walk, bookings: list[Booking], **kwargs: Any
    ) -> None:
        super().__init__(data, bcu=walk.bcu, **kwargs)
        self.walk = walk
        self.bookings = bookings
        self.needs = ConfirmAdjustmentsFields(bookings)
        self.needs.add_to(self)

    def min_officers(self, officers: Collection[Officer]) -> int:
        return self.walk.least_officers_for(officers)

    def _officers_hint(self) -> str:
        if self.walk.one_officer_agreed_at is None:
            return super()._officers_hint()
        return f"{super()._officers_hint()} Or keep the one officer: every woman agreed to walk with her."

    def clean(self) -> dict[str, Any]:
        answers = super().clean()
        asks = "plan" in answers and needs_adjustments_confirmed(self.walk, answers["plan"], answers["officers"])
        self.needs.clean(self, asks=asks)
        if not self.errors:
            answers["arranged"] = self.needs.take_from(answers)
        return answers

    def decision(self) -> WalkChange:
        answers = self.cleaned_data
        return WalkChange(plan=answers["plan"], officers=answers["officers"], arranged=answers["arranged"])

    def arranged_adjustments(self) -> list[ArrangedAdjustment]:
        return list(itertools.chain.from_iterable(self.cleaned_data["arranged"].values()))

    @property
    def unusual_time(self) -> UnusualTime | None:
        """Return why the new time needs a second look. The walk's own time is none, nor one of a change request."""
        if not self.is_bound or self.slot is None:
            return None
        asked = [
            time
            for booking in self.bookings
            if booking.has_open_change_request
            for time in booking.current_preferred_times()
        ]
        if self.slot.start_at == self.walk.start_at:
            return None
        return find_unusual(self.slot.start_at, asked=asked, agreed=(), bcu=self.bcu, now=timezone.now())

    @staticmethod
    def initial_of(walk: Walk, *, add: int | None = None) -> dict[str, Any]:
        """Return the current walk, with one more officer ticked if the inspector chose her on the previous page."""
        start = london.local(walk.start_at)
        return {
            **{name: getattr(walk, name) for name in DETAILS_FIELDS},
            "version": walk.version,
            "date": start.date(),
            "start": start.time(),
            "officers": [*(officer.pk for officer in walk.live_officers()), *([add] if add else [])],
        }
