"""An officer comes off a walk: she cannot make it, or may not lead walks there any more."""

from django.db import transaction
from django.utils import timezone

from bookings import emails
from bookings.actions.cards import reissue_card
from bookings.actions.moves import lock_officers, lock_walk, officers_are_to_be_settled, record
from bookings.models import Walk
from bookings.permissions import can_be_given_walks
from bookings.statuses import EventKind, WalkStatus
from boroughs.models import Officer


def take_off(walk: Walk, officer: Officer, *, by: Officer, kind: EventKind, reason: str) -> None:
    """Her place is free at once, and the team is told. The caller holds her and the walk.

    With enough officers left nobody has to decide anything, so the women hear at once. Otherwise the team finds
    somebody or cancels, and they hear then.
    """
    # A change that was begun while she was still on the walk must not put her back on it.
    walk.revision += 1
    # Whoever set off may be the one who cannot come: the other one presses again.
    walk.set_off_at = walk.arrived_at = None
    walk.save(update_fields=["revision", "set_off_at", "arrived_at"])
    walk.assignments.filter(officer=officer, is_live=True).update(is_live=False, left_reason=reason)
    officers_are_to_be_settled(walk)
    event = record(kind, walk=walk, by=by)
    emails.team_officer_left(walk, officer, event)
    if not walk.is_short:
        reissue_card(walk, by=by)


@transaction.atomic
def withdraw_officer(officer: Officer, *, by: Officer) -> list[Walk]:
    """Off every walk to come that she may not lead any more: deactivated, in another BCU, or taken off the list.

    Whoever changes an officer calls it afterwards. Nothing happens where she may go on.
    """
    (held,) = lock_officers([officer])
    coming = Walk.objects.filter(
        status=WalkStatus.SCHEDULED, assignments__officer=held, assignments__is_live=True, start_at__gt=timezone.now()
    )
    left = []
    for walk in coming.select_related("bcu").order_by("pk"):
        lock_walk(walk)
        is_on_it = walk.assignments.filter(officer=held, is_live=True).exists()
        if walk.status == WalkStatus.SCHEDULED and is_on_it and not can_be_given_walks(held, walk.bcu):
            take_off(walk, held, by=by, kind=EventKind.OFFICER_WITHDRAWN, reason="leads_no_walks")
            if held.is_active:
                emails.officer_released(walk, held)
            left.append(walk)
    return left
