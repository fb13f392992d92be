"""What we write to officers: no personal detail of hers, only the way to the page that has it."""

import datetime
from collections.abc import Mapping, Sequence

from django.conf import settings

from bookings.emails.compose import Context, about_walk, render
from bookings.emails.threads import officer_thread, tonight_thread
from bookings.models import Walk
from bookings.plain_text import one_line
from boroughs.models import Officer
from outbox.actions import queue_message, supersede
from walkandtalk.lib import london


def officer_assigned(walk: Walk, officer: Officer) -> None:
    _write_to_officer(walk, officer, "officer_assigned", expires_at=walk.end_at)


def officer_walk_changed(walk: Walk, officer: Officer, *, changes: list[str]) -> None:
    changed = {"changes": [one_line(change) for change in changes]}
    _write_to_officer(walk, officer, "officer_walk_changed", context=changed, expires_at=walk.end_at)


def officer_released(walk: Walk, officer: Officer) -> None:
    _write_to_officer(walk, officer, "officer_released")


def officer_walk_cancelled(walk: Walk, officer: Officer) -> None:
    _write_to_officer(walk, officer, "officer_walk_cancelled")


def officer_tonight(officer: Officer, walks: Sequence[Walk], *, now: datetime.datetime) -> None:
    """Her own walks tonight and tomorrow, until 3pm. Of no use any more once the last of them is over."""
    context: Context = {
        "date": london.long_date(now),
        "made": london.clock(now),
        "walks": [about_walk(walk) for walk in walks],
    }
    queue_message(
        dedupe_key=tonight_key(officer.pk, now),
        thread=tonight_thread(officer),
        recipient=officer.email,
        sender=settings.FROM_EMAIL,
        expires_at=max(walk.end_at for walk in walks),
        **render("officer_tonight", context),
    )


def tonight_key(officer_id: int, now: datetime.datetime) -> str:
    """One list an officer and day."""
    return f"officer:{officer_id}:tonight:{london.local(now).date()}"


def _write_to_officer(
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
        dedupe_key=f"walk:{walk.pk}:{kind}:{walk.revision}:officer-{officer.pk}",
        thread=thread,
        recipient=officer.email,
        sender=settings.FROM_EMAIL,
        revision=walk.revision,
        expires_at=expires_at,
        **render(kind, about_walk(walk) | dict(context or {})),
    )
