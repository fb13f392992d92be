"""Take officers off walks because they cannot make it, or may no longer lead walks there."""

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from bookings.events import record
from bookings.locks import lock_scheduled_bookings
from bookings.notices.card_updates import issue_new_walk_card, notify_requesters_of_change
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
from walks.statuses import LIVE_STATUSES, WalkStatus


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
    are told when the team assigns another officer or cancels, and now if they read that the officers were coming.
    """
    were_coming = walk.set_off_at is not None or walk.arrived_at is not None
    # A form opened while the officer was on the walk could put her back on it. The new version makes it out of date.
    # The officer who set off may be the one who cannot come, so the other officer presses again.
    save_changes(walk, version=walk.version + 1, set_off_at=None, arrived_at=None)
    walk.assignments.filter(officer=officer, is_live=True).update(is_live=False, left_reason=reason)
    reset_one_officer_consent(walk)
    event = record(kind, walk=walk, by=by)
    send_team_officer_withdrew(walk, officer, event)
    if walk.status != WalkStatus.SCHEDULED:
        return
    if not walk.is_short:
        issue_new_walk_card(walk, by=by)
    elif were_coming:
        changes = [_("An officer can’t come. We’re finding another officer. Look at your page before you set off.")]
        notify_requesters_of_change(walk, lock_scheduled_bookings(walk), by=by, changes=changes)


@transaction.atomic
def withdraw_officer(officer: Officer, *, by: Officer) -> list[Walk]:
    """Take the officer off every walk that she may no longer lead, and return those walks.

    She may have been deactivated, moved to another BCU or taken off the list. Call this after every change to an
    officer: it does nothing if she may still lead her walks. She keeps a walk that has begun, because she may be with
    a requester, unless she was deactivated: then she can press no button.
    """
    (locked,) = lock_officers([officer])
    assigned = Walk.objects.filter(assignments__officer=locked, assignments__is_live=True, status__in=LIVE_STATUSES)
    now = timezone.now()
    walks = []
    for walk in assigned.select_related("bcu").order_by("pk"):
        lock_walk(walk)
        is_on_it = walk.assignments.filter(officer=locked, is_live=True).exists()
        is_upcoming = walk.status == WalkStatus.SCHEDULED and now < walk.start_at
        may_be_taken_off = is_upcoming or (walk.is_live and not locked.is_active)
        if may_be_taken_off and is_on_it and not can_be_assigned(locked, walk.bcu):
            remove_officer_from_walk(walk, locked, by=by, kind=EventKind.OFFICER_WITHDRAWN, reason="leads_no_walks")
            if locked.is_active:
                send_officer_released(walk, locked)
            walks.append(walk)
    return walks
