"""What she needs is arranged, or agreed otherwise with her, before she is given a walk."""

from collections.abc import Collection
from dataclasses import dataclass

from bookings.models.adjustments import Adjustment
from bookings.models.bookings import Booking
from bookings.statuses import Need
from boroughs.models.officers import Officer
from walkandtalk.lib.errors import ActionError


@dataclass(frozen=True, kw_only=True)
class ArrangedAdjustment:
    """What an inspector says of one need. `how` says by whom as well, and she reads it."""

    need: Need
    how: str
    agreed_otherwise: bool


def save_adjustments(booking: Booking, arranged: Collection[ArrangedAdjustment], *, by: Officer) -> None:
    """In the place of what was said before of the same needs. The caller holds the booking."""
    said = {each.need for each in arranged}
    earlier = [row.pk for row in booking.adjustments.all() if row.need in said]
    Adjustment.objects.filter(pk__in=earlier).delete()
    for each in arranged:
        Adjustment.objects.create(booking=booking, by=by, **vars(each))


def check_adjustments_complete(booking: Booking) -> None:
    """Nobody is given a walk that would not work for her."""
    _check_adjustments_recorded(booking, {row.need for row in Adjustment.objects.filter(booking=booking) if row.how})


def check_adjustments_confirmed(booking: Booking, arranged: Collection[ArrangedAdjustment]) -> None:
    """What was arranged for another time, place or officer may hold no more, so each need is said again."""
    _check_adjustments_recorded(booking, {each.need for each in arranged if each.how})


def _check_adjustments_recorded(booking: Booking, said: Collection[str]) -> None:
    missing = [need for need in booking.contact.needs_to_arrange() if need not in said]
    if missing:
        labels = "; ".join(str(need.label) for need in missing)
        raise ActionError(f"Say how each of her needs is arranged, or agreed otherwise with her. Missing: {labels}.")
