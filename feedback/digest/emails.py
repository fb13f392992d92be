"""The email of the morning digest."""

import datetime
from collections.abc import Sequence

from django.conf import settings

from bookings.notices.threads import digest_thread
from feedback.digest.counts import Count
from outbox.actions import queue_message
from outbox.composing.compose import render
from walkandtalk.lib import london

DIGEST_UNTIL = datetime.time(18)


def team_digest(recipient: str, team: str, counts: Sequence[Count], *, key: str, now: datetime.datetime) -> None:
    """Queue the digest: counts and links, and no personal details."""
    day = london.local(now).date()
    queue_message(
        dedupe_key=digest_key(key, now),
        thread=digest_thread(key),
        recipient=recipient,
        sender=settings.FROM_EMAIL,
        expires_at=london.to_instant(day, DIGEST_UNTIL),
        **render("team_digest", {"team": team, "date": london.long_date(day), "counts": counts}),
    )


def digest_key(key: str, now: datetime.datetime) -> str:
    """Return the key that allows one digest a day for each inbox."""
    return f"digest:{key}:team_digest:{london.local(now).date()}"
