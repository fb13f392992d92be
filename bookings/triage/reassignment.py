"""Give restricted bookings another nominated inspector when theirs can no longer decide."""

from django.db import transaction

from bookings.events import record
from bookings.locks import lock_booking, lock_walks_of_booking
from bookings.models.bookings import Booking, bookings_on_walk
from bookings.models.claims import Claim
from bookings.notices.security_notices import announce_team_act, current_route
from bookings.statuses import EventKind
from boroughs.models.officers import Officer
from walkandtalk.lib.rows import save_changes


@transaction.atomic
def reassign_booking(booking: Booking) -> None:
    """Reassign the booking and its walks if its nominated inspector can no longer decide.

    The booking never goes back to its BCU.
    """
    lock_walks_of_booking(booking)
    lock_booking(booking)
    if booking.nominated_inspector is None or booking.nominated_inspector.can_be_nominated_for(booking.bcu):
        return
    nominated_inspector = Officer.objects.nominated_inspector_for(booking.bcu)
    if nominated_inspector is None:
        return
    save_changes(booking, nominated_inspector=nominated_inspector, version=booking.version + 1)
    Claim.objects.filter(booking=booking).delete()
    before = current_route(booking)
    announce_team_act(booking, record(EventKind.REASSIGNED, booking=booking), before=before)
    reassign_walks(booking, nominated_inspector)


def reassign_walks(booking: Booking, nominated_inspector: Officer) -> None:
    """Reassign the booking's walks, unless they have other bookings. The caller holds the locks on all of them."""
    for walk in (booking.walk, booking.cut_short_walk):
        if (
            walk is not None
            and walk.nominated_inspector_id is not None
            and not bookings_on_walk(walk).exclude(pk=booking.pk).exists()
        ):
            save_changes(walk, nominated_inspector=nominated_inspector, version=walk.version + 1)
