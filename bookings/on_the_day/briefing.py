"""The printed briefing sheet of a walk."""

from uuid import UUID

from django.core.exceptions import PermissionDenied
from django.http import HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from accounts.requests import OfficerRequest
from bookings.models.bookings import bookings_on_walk, bookings_on_walk_visible_to
from bookings.on_the_day.walk_page import get_visible_walk
from bookings.read_log import open_walk
from bookings.statuses import GuestState, Status
from walks.permissions import can_read_details
from walks.statuses import WalkStatus

ENDED = frozenset({WalkStatus.COMPLETED, WalkStatus.CUT_SHORT, WalkStatus.NOT_HELD})
WALKED = sorted({Status.SCHEDULED, Status.COMPLETED, Status.REQUESTER_ABSENT, Status.OFFICERS_ABSENT})
"""The statuses of bookings on a walk that has ended."""


@require_safe
def briefing(request: OfficerRequest, pk: UUID) -> HttpResponse:
    """Show a briefing sheet to users who may read the details now. Restricted walks are never printed.

    After the walk it says what happened, and no longer what to do.
    """
    walk = get_visible_walk(request, pk)
    now = timezone.now()
    may_read = can_read_details(request.user, walk, walk.live_officers(), now)
    if walk.erased_at is not None or walk.nominated_inspector_id is not None or not may_read:
        raise PermissionDenied
    shown = WALKED if walk.status in ENDED else [Status.SCHEDULED]
    bookings = bookings_on_walk_visible_to(request.user, walk, now).filter(status__in=shown, frozen_at=None)
    under_review = bookings_on_walk(walk).filter(status__in=shown).exclude(frozen_at=None)
    open_walk(walk, bookings, by=request.user)
    context = {
        "walk": walk,
        "has_ended": not walk.is_live,
        "officers": walk.live_officers(),
        "women": bookings,
        "under_review": under_review.count(),
        "guests": walk.guests.filter(state=GuestState.COMING),
    }
    return render(request, "bookings/on_the_day/briefing.html", context)
