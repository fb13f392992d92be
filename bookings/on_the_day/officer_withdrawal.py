"""Take officers off walks because they cannot make it, or may no longer lead walks there."""

import datetime

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from bookings.events import record
from bookings.locks import lock_scheduled_bookings
from bookings.notices.card_updates import issue_new_walk_card, notify_requesters_of_change
from bookings.notices.officer_emails import send_officer_colleague_cut_off, send_officer_released
from bookings.notices.threads import officer_thread
from bookings.on_the_day.emails import send_team_officer_cut_off, send_team_officer_withdrew
from bookings.statuses import EventKind
from bookings.transitions import reset_one_officer_consent
from boroughs.models.officers import Officer
from outbox.actions import supersede
from walkandtalk.lib.errors import TransitionNotAllowed, require
from walkandtalk.lib.rows import save_changes
from walks.locks import lock_officers, lock_walk
from walks.models.walks import CANNOT_MAKE_IT, Walk, WalkQuerySet
from walks.permissions import can_be_assigned, can_use_walk_actions
from walks.statuses import WalkStatus

NOT_AVAILABLE = "not_available"
"""Reason for leaving a walk of an officer who is not available for any."""
CUT_OFF = "{officer} is no longer on this walk. Don’t leave the requester alone, and ring the duty number now."


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

    If an officer is cut off while the walk is going on, a requester may be with her or alone. Then the team is told to
    ring at once, and so are the other officers.
    """
    is_cut_off = _may_go_on_with_nothing(officer) and walk.is_going_on(timezone.now())
    were_coming = walk.set_off_at is not None or walk.arrived_at is not None
    # A form opened while the officer was on the walk could put her back on it. The new version makes it out of date.
    # The officer who set off may be the one who cannot come, so the other officer presses again.
    save_changes(walk, version=walk.version + 1, set_off_at=None, arrived_at=None)
    walk.assignments.filter(officer=officer, is_live=True).update(is_live=False, left_reason=reason)
    reset_one_officer_consent(walk)
    event = record(kind, walk=walk, by=by)
    if is_cut_off:
        send_team_officer_cut_off(walk, officer, event)
        for other in walk.live_officers():
            send_officer_colleague_cut_off(walk, other, change=CUT_OFF.format(officer=officer.display_name))
    else:
        send_team_officer_withdrew(walk, officer, event)
    if walk.status != WalkStatus.SCHEDULED:
        return
    if not walk.is_short:
        issue_new_walk_card(walk, by=by)
    elif were_coming:
        changes = [_("An officer can’t come. We’re finding another officer. Look at your page before you set off.")]
        notify_requesters_of_change(walk, lock_scheduled_bookings(walk), by=by, changes=changes)


def _may_go_on_with_nothing(officer: Officer) -> bool:
    """Return whether the officer may not even end a walk that has begun."""
    return not (officer.is_active and officer.is_available)


def walks_of(officer: Officer, now: datetime.datetime) -> WalkQuerySet:
    """Return the walks that this officer is on and that are not over."""
    return Walk.objects.not_over(now).filter(assignments__officer=officer, assignments__is_live=True)


@transaction.atomic
def withdraw_officer(officer: Officer, *, by: Officer) -> list[Walk]:
    """Take the officer off every walk that she may no longer lead, and return those walks.

    She may have been deactivated, moved to another BCU, taken off the list, or not be available. Call this after every
    change to an officer: it does nothing if she may still lead her walks. She keeps a walk that has begun, because she
    may be with a requester, unless her account was closed or she is not available: then the team has to act. A walk
    that is over keeps her.
    """
    (locked,) = lock_officers([officer])
    now = timezone.now()
    walks = []
    for walk in walks_of(locked, now).select_related("bcu").order_by("pk"):
        lock_walk(walk)
        is_on_it = walk.assignments.filter(officer=locked, is_live=True).exists()
        is_upcoming = walk.status == WalkStatus.SCHEDULED and now < walk.start_at
        may_be_taken_off = is_upcoming or (walk.is_live and _may_go_on_with_nothing(locked))
        if may_be_taken_off and is_on_it and not can_be_assigned(locked, walk.bcu):
            _take_off(walk, locked, by=by, now=now)
            walks.append(walk)
    return walks


def _take_off(walk: Walk, officer: Officer, *, by: Officer, now: datetime.datetime) -> None:
    kind, reason = EventKind.OFFICER_WITHDRAWN, "leads_no_walks"
    if officer.is_active and not officer.is_available:
        kind, reason = EventKind.OFFICER_LEFT, NOT_AVAILABLE
    is_cut_off = _may_go_on_with_nothing(officer) and walk.is_going_on(now)
    remove_officer_from_walk(walk, officer, by=by, kind=kind, reason=reason)
    if officer.is_active and not is_cut_off:
        send_officer_released(walk, officer)
    else:  # “You don’t need to go” would be wrong on a walk that is going on: the team rings
        supersede(officer_thread(walk, officer))
