"""An officer comes off a walk because she cannot make it, or may no longer lead walks there."""

from django.db import transaction
from django.utils import timezone

from bookings.events import record
from bookings.notices.card_updates import issue_new_walk_card
from bookings.notices.officer_emails import officer_released
from bookings.on_the_day.emails import team_officer_withdrew
from bookings.statuses import EventKind
from bookings.transitions import reset_one_officer_consent
from boroughs.models.officers import Officer
from walkandtalk.lib.errors import TransitionNotAllowed, require
from walkandtalk.lib.rows import save_changes
from walks.locks import lock_officers, lock_walk
from walks.models.walks import CANNOT_MAKE_IT, Walk
from walks.permissions import can_be_assigned, can_use_walk_actions
from walks.statuses import WalkStatus


@transaction.atomic
def withdraw_from_walk(walk: Walk, *, by: Officer) -> None:
    """Take this officer off the walk because she cannot make it."""
    lock_officers([by])
    lock_walk(walk)
    require(can_use_walk_actions(by, walk.live_officers()))
    if walk.status != WalkStatus.SCHEDULED:
        raise TransitionNotAllowed(
            f"This walk is now “{walk.get_status_display().lower()}”, so nobody can leave it here."
        )
    remove_officer_from_walk(walk, by, by=by, kind=EventKind.OFFICER_LEFT, reason=CANNOT_MAKE_IT)


def remove_officer_from_walk(walk: Walk, officer: Officer, *, by: Officer, kind: EventKind, reason: str) -> None:
    """Free the officer's place at once and tell the team. The caller holds the locks on the officer and the walk.

    If enough officers are left, nobody has to decide anything, so the requesters are told at once. Otherwise they are
    told when the team finds another officer or cancels.
    """
    # The new version stops a change that was begun while the officer was on the walk from putting her back on it.
    # The officer who set off may be the one who cannot come, so the other officer presses again.
    save_changes(walk, version=walk.version + 1, set_off_at=None, arrived_at=None)
    walk.assignments.filter(officer=officer, is_live=True).update(is_live=False, left_reason=reason)
    reset_one_officer_consent(walk)
    event = record(kind, walk=walk, by=by)
    team_officer_withdrew(walk, officer, event)
    if not walk.is_short:
        issue_new_walk_card(walk, by=by)


@transaction.atomic
def withdraw_officer(officer: Officer, *, by: Officer) -> list[Walk]:
    """Take the officer off every upcoming walk that she may no longer lead, and return those walks.

    She may have been deactivated, moved to another BCU or taken off the list. Call this after every change to an
    officer: it does nothing if she may still lead her walks.
    """
    (held,) = lock_officers([officer])
    coming = Walk.objects.filter(
        status=WalkStatus.SCHEDULED, assignments__officer=held, assignments__is_live=True, start_at__gt=timezone.now()
    )
    left = []
    for walk in coming.select_related("bcu").order_by("pk"):
        lock_walk(walk)
        is_on_it = walk.assignments.filter(officer=held, is_live=True).exists()
        if walk.status == WalkStatus.SCHEDULED and is_on_it and not can_be_assigned(held, walk.bcu):
            remove_officer_from_walk(walk, held, by=by, kind=EventKind.OFFICER_WITHDRAWN, reason="leads_no_walks")
            if held.is_active:
                officer_released(walk, held)
            left.append(walk)
    return left
