"""The page with which an officer's day begins: her next walk, the following ones, and the notes she has to write."""

import datetime
from typing import Any

from django.core.exceptions import PermissionDenied
from django.http import HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from accounts.requests import OfficerRequest, allow_idle_session
from bookings.models.walk_queries import known_to
from bookings.on_the_day.walk_page import get_visible_walks
from boroughs.models.officers import Officer
from feedback.models.notes import walks_without_note
from walkandtalk.lib import london
from walks.flags import walk_flags
from walks.models.walks import DETAILS_OPEN_BEFORE, START_OPEN_BEFORE, Walk
from walks.statuses import WalkStatus

FOLLOWING_SHOWN = 10
NOTES_SHOWN = 10


@allow_idle_session
@require_safe
def officer_today(request: OfficerRequest) -> HttpResponse:
    """Show an officer her walks. An idle session shows only those that she can act on now, and no notes."""
    if request.user.role != Officer.Role.OFFICER or not request.user.is_active:
        raise PermissionDenied
    now = timezone.now()
    coming = known_to(get_visible_walks(request).for_officers_page(now).filter(ended_at=None), request.user)
    walks = list(coming[: FOLLOWING_SHOWN + 2])
    context: dict[str, Any] = {
        "now": now,
        "following": [(walk, walk_flags(walk)) for walk in walks[1 : FOLLOWING_SHOWN + 1]],
        "has_more": len(walks) > FOLLOWING_SHOWN + 1,
        "notes": [] if request.is_idle else list(walks_without_note(request.user, now)[:NOTES_SHOWN]),
        "dark_from": london.sunset(london.today()),
    }
    if walks:
        context |= {"next": walks[0], "flags": walk_flags(walks[0]), "next_step": next_step(walks[0], now)}
    return render(request, "feedback/officer_today.html", context)


def next_step(walk: Walk, now: datetime.datetime) -> str:
    """Return what the officer does next on this walk, in the words of its buttons."""
    if walk.status == WalkStatus.UNDER_WAY:
        return "When she is safe and on her way, press “Ended safely”."
    if walk.is_short:
        return "Too few officers, so it can’t start. Your inspector knows, and is looking for another officer."
    if walk.arrived_at is not None:
        return "Say the phrase to each other. Then press “Start the walk”."
    if walk.set_off_at is not None:
        return "Press “I’m here” at the meeting place. She can read that on her page."
    if walk.may_start(now):
        return "Press “On my way” when you set off. She can read that on her page."
    buttons = f"You can use the buttons from {london.near(walk.start_at - START_OPEN_BEFORE, now)}."
    if now < walk.start_at - DETAILS_OPEN_BEFORE:
        return f"You can see her name and what she needs from {london.near(walk.start_at - DETAILS_OPEN_BEFORE, now)}."
    return f"Read what she needs, and the phrase, before you set off. {buttons}"
