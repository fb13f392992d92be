"""Take officers off walks because they cannot make it, or may no longer lead walks there."""

from django.db import transaction
from django.utils import timezone

from bookings.events import record
from bookings.notices.card_updates import issue_new_walk_card
from bookings.notices.officer_emails import send_officer_released
from bookings.on_the_day.emails import send_team_officer_withdrew
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
        raise TransitionNotAllowed(f"This walk is now “{walk.get_status_display().lower()}”, so you can’t leave it.")
    remove_officer_from_walk(walk, by, by=by, kind=EventKind.OFFICER_LEFT, reason=CANNOT_MAKE_IT)


def remove_officer_from_walk(walk: Walk, officer: Officer, *, by: Officer, kind: EventKind, reason: str) -> None:
    """Take the officer off the walk and tell the team. The caller holds the locks on the officer and the walk.

    If enough officers remain, nobody has to decide anything, so the requesters are told immediately. Otherwise they
    are told when the team assigns another officer or cancels.
    """
    # A form opened while the officer was on the walk could put her back on it. The new version makes it out of date.
    # The officer who set off may be the one who cannot come, so the other officer presses again.
    save_changes(walk, version=walk.version + 1, set_off_at=None, arrived_at=None)
    walk.assignments.filter(officer=officer, is_live=True).update(is_live=False, left_reason=reason)
    reset_one_officer_consent(walk)
    event = record(kind, walk=walk, by=by)
    send_team_officer_withdrew(walk, officer, event)
    if not walk.is_short:
        issue_new_walk_card(walk, by=by)


@transaction.atomic
def withdraw_officer(officer: Officer, *, by: Officer) -> list[Walk]:
    """Take the officer off every upcoming walk that she may no longer lead, and return those walks.

    She may have been deactivated, moved to another BCU or taken off the list. Call this after every change to an
    officer: it does nothing if she may still lead her walks.
    """
    (locked,) = lock_officers([officer])
    upcoming = Walk.objects.filter(
        status=WalkStatus.SCHEDULED,
        assignments__officer=locked,
        assignments__is_live=True,
        start_at__gt=timezone.now(),
    )
    walks = []
    for walk in upcoming.select_related("bcu").order_by("pk"):
        lock_walk(walk)
        is_on_it = walk.assignments.filter(officer=locked, is_live=True).exists()
        if walk.status == WalkStatus.SCHEDULED and is_on_it and not can_be_assigned(locked, walk.bcu):
            remove_officer_from_walk(walk, locked, by=by, kind=EventKind.OFFICER_WITHDRAWN, reason="leads_no_walks")
            if locked.is_active:
                send_officer_released(walk, locked)
            walks.append(walk)
    return walks
