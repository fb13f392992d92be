"""Messages to officers. They contain no personal details of a requester, only a link to the page that does."""

import datetime
from collections.abc import Mapping

from django.conf import settings

from bookings.notices.threads import officer_thread
from bookings.notices.walk_context import walk_context
from boroughs.models.officers import Officer
from outbox.actions import queue_message, supersede
from outbox.composing.compose import render
from walks.models.walks import Walk


def send_officer_assigned(walk: Walk, officer: Officer) -> None:
    _queue_officer_message(walk, officer, "officer_assigned", expires_at=walk.end_at)


def send_officer_walk_changed(walk: Walk, officer: Officer, *, changes: list[str]) -> None:
    changed = {"changes": changes}
    _queue_officer_message(walk, officer, "officer_walk_changed", context=changed, expires_at=walk.end_at)


def send_officer_colleague_cut_off(walk: Walk, officer: Officer, *, change: str) -> None:
    """Tell the officer that a colleague is off the walk now. It never expires: the walk may be late already."""
    _queue_officer_message(walk, officer, "officer_walk_changed", context={"changes": [change]})


def send_officer_released(walk: Walk, officer: Officer) -> None:
    _queue_officer_message(walk, officer, "officer_released")


def send_officer_walk_cancelled(walk: Walk, officer: Officer) -> None:
    _queue_officer_message(walk, officer, "officer_walk_cancelled")


def _queue_officer_message(
    walk: Walk,
    officer: Officer,
    kind: str,
    *,
    context: Mapping[str, object] | None = None,
    expires_at: datetime.datetime | None = None,
) -> None:
    thread = officer_thread(walk, officer)
    supersede(thread)
    queue_message(
        dedupe_key=f"walk:{walk.pk}:{kind}:{walk.version}:officer-{officer.pk}",
        thread=thread,
        recipient=officer.email,
        sender=settings.FROM_EMAIL,
        version=walk.version,
        expires_at=expires_at,
        **render(kind, walk_context(walk) | dict(context or {})),
    )
