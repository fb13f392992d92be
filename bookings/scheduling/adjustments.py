"""Adjustments for access needs. A requester gets a walk only once each need is met or an alternative is agreed."""

from collections.abc import Collection
from dataclasses import dataclass

from bookings.models.adjustments import Adjustment
from bookings.models.bookings import Booking
from bookings.statuses import Need
from boroughs.models.officers import Officer
from walkandtalk.lib.errors import ActionError


@dataclass(frozen=True, kw_only=True)
class ArrangedAdjustment:
    """An adjustment as an inspector records it. `how` also names who arranged it, and the requester reads it."""

    need: Need
    how: str
    agreed_otherwise: bool


def save_adjustments(booking: Booking, arranged: Collection[ArrangedAdjustment], *, by: Officer) -> None:
    """Replace earlier adjustments for the same needs. The caller holds the lock on the booking."""
    needs = {adjustment.need for adjustment in arranged}
    earlier = [row.pk for row in booking.adjustments.all() if row.need in needs]
    Adjustment.objects.filter(pk__in=earlier).delete()
    for adjustment in arranged:
        Adjustment.objects.create(booking=booking, by=by, **vars(adjustment))


def check_adjustments_complete(booking: Booking) -> None:
    """Raise ActionError unless every need has a saved adjustment."""
    _check_adjustments_recorded(booking, {row.need for row in Adjustment.objects.filter(booking=booking) if row.how})


def check_adjustments_confirmed(booking: Booking, arranged: Collection[ArrangedAdjustment]) -> None:
    """Raise ActionError unless every adjustment is confirmed, because a changed walk may undo what was arranged."""
    _check_adjustments_recorded(booking, {adjustment.need for adjustment in arranged if adjustment.how})


def _check_adjustments_recorded(booking: Booking, recorded: Collection[str]) -> None:
    missing = [need for need in booking.contact.needs_to_arrange() if need not in recorded]
    if missing:
        labels = "; ".join(str(need.label) for need in missing)
        raise ActionError(f"Say how each of her needs is arranged, or agreed otherwise with her. Missing: {labels}.")
