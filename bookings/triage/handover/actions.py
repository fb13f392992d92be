"""Another BCU looks after a booking from now on."""

from django.db import transaction

from bookings.events import record
from bookings.locks import lock_to_decide, lock_walks_of
from bookings.models.bookings import Booking
from bookings.statuses import EventKind, Status
from bookings.triage.handover import emails
from bookings.triage.reassignment import pass_on_walks
from boroughs.models.bcus import BoroughCommandUnit
from boroughs.models.officers import Officer
from walkandtalk.lib.errors import BookingError, MoveNotAllowed


@transaction.atomic
def hand_over_booking(booking: Booking, *, by: Officer, version: int, to: BoroughCommandUnit, note: str) -> None:
    """Give it to the team of another BCU, with a note for them. Its status stays, and so does what we promised her.

    What she keeps from the BCU of her place stays kept from it: an inspector of the other BCU becomes its handler.
    """
    lock_walks_of(booking)
    lock_to_decide(booking, by=by, was_shown=version)
    _check_may_go(booking, to)
    came_from = booking.team
    if booking.handler is None:
        booking.bcu = to
    else:
        booking.handler = Officer.objects.who_may_handle().filter(bcu=to).order_by("pk").first()
        if booking.handler is None:
            raise BookingError(f"{to.name} has no inspector who could decide. Choose another BCU.")
        pass_on_walks(booking, booking.handler)
    booking.taken_by = booking.taken_at = None
    booking.version += 1
    booking.save(update_fields=["bcu", "handler", "taken_by", "taken_at", "version"])
    event = record(EventKind.HANDED_OVER, booking=booking, by=by, code=f"{came_from.code} {to.code}", note=note)
    emails.booking_handed_over(booking, event)
    emails.team_handed_over(booking, event, came_from=came_from)


def _check_may_go(booking: Booking, to: BoroughCommandUnit) -> None:
    if booking.status == Status.SCHEDULED:
        raise MoveNotAllowed(
            "Her walk is scheduled with your officers, so it stays with you. "
            "If they cannot walk, change the walk or cancel it."
        )
    if booking.status == Status.OFFERED:
        raise MoveNotAllowed("She has not answered your offer. Wait for her answer, or take the offer back first.")
    if booking.status != Status.WAITING:
        was = booking.get_status_display().lower()
        raise MoveNotAllowed(f"This booking is now “{was}”, so there is nothing to hand over.")
    if to == booking.team:
        raise BookingError("That is the team that has it now. Choose another BCU.")
    if booking.handler is not None and to == booking.bcu:
        raise BookingError(f"She keeps this from {to.name}. Choose another BCU.")
