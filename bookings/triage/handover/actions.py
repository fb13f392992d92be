"""Hand a booking over to another BCU."""

from dataclasses import dataclass

from django.db import transaction
from django.utils import timezone

from bookings.events import record
from bookings.locks import lock_for_decision, lock_walks_of_booking
from bookings.models.bookings import Booking
from bookings.models.claims import Claim
from bookings.notices.security_notices import announce_team_act, current_route
from bookings.permissions import BookingAction, available_actions
from bookings.statuses import EventKind, Status
from bookings.triage.handover import emails
from bookings.triage.reassignment import reassign_walks
from boroughs.models.bcus import BoroughCommandUnit
from boroughs.models.officers import Officer
from walkandtalk.lib.errors import ActionError, TransitionNotAllowed
from walkandtalk.lib.rows import save_changes


@dataclass(frozen=True, kw_only=True)
class Handover:
    """The team that takes over, and a note for it."""

    to: BoroughCommandUnit
    note: str


@transaction.atomic
def hand_over_booking(booking: Booking, handover: Handover, *, by: Officer, version: int) -> None:
    """Hand the booking to the team of another BCU, with a note. Its status and response target are unchanged.

    A restricted booking stays hidden from the BCU of its place: an inspector of the other BCU is nominated.
    """
    to = handover.to
    lock_walks_of_booking(booking)
    lock_for_decision(booking, by=by, version=version)
    _check_can_hand_over(booking, to, by=by)
    came_from = booking.team
    if booking.nominated_inspector is None:
        save_changes(booking, bcu=to, version=booking.version + 1)
    else:
        inspector = Officer.objects.eligible_as_nominated_inspector().filter(bcu=to).order_by("pk").first()
        if inspector is None:
            raise ActionError(f"{to.name} has no inspector who could decide. Choose another BCU.")
        save_changes(booking, nominated_inspector=inspector, version=booking.version + 1)
        reassign_walks(booking, inspector)
    Claim.objects.filter(booking=booking).delete()
    event = record(
        EventKind.HANDED_OVER, booking=booking, by=by, code=f"{came_from.code} {to.code}", note=handover.note
    )
    emails.send_booking_handed_over(booking, event)
    announce_team_act(booking, event, before=current_route(booking))
    emails.send_team_handed_over(booking, event, came_from=came_from)


def _check_can_hand_over(booking: Booking, to: BoroughCommandUnit, *, by: Officer) -> None:
    if BookingAction.HAND_OVER not in available_actions(booking, by, timezone.now()):
        raise TransitionNotAllowed(_why_not_handed_over(booking))
    if to == booking.team:
        raise ActionError("That team already has it. Choose another BCU.")
    if booking.nominated_inspector is not None and to == booking.bcu:
        raise ActionError(f"She asked us to keep this from {to.name}. Choose another BCU.")


def _why_not_handed_over(booking: Booking) -> str:
    if booking.status == Status.SCHEDULED:
        return (
            "Her walk is scheduled with your officers, so it stays with you. "
            "If they cannot walk, change the walk or cancel it."
        )
    if booking.status == Status.OFFERED:
        return "She hasn’t answered your offer. Wait for her answer, or withdraw the offer first."
    status = booking.get_status_display().lower()
    return f"This booking is now “{status}”, so you can’t hand it over."
