"""Messages to the auditor's inbox. They name staff, and neither a requester nor a reference in a subject."""

import datetime
from collections.abc import Sequence

from django.conf import settings

from audit.alerts.findings import Count, Finding
from bookings.links import staff_url
from outbox.actions import queue_message
from outbox.composing.compose import render
from outbox.composing.message_files import Context
from walkandtalk.lib import london

ALERT, DIGEST = "auditor_alert", "auditor_digest"


def alert_key(finding: Finding) -> str:
    """Return the key that allows one message for each finding, however often and late a job looks."""
    return f"audit:{finding.key}:{ALERT}:auditor"


def digest_key(day: datetime.date) -> str:
    return f"audit:{day}:{DIGEST}:auditor"


def send_alert(finding: Finding) -> None:
    context: Context = {
        "what": finding.what,
        "who": finding.who,
        "whose": finding.whose,
        "more": finding.more,
        "when": london.time_and_date(finding.at),
        "page": f"{staff_url('audit:overview')}{finding.address}",
    }
    _queue(ALERT, alert_key(finding), context)


def send_digest(day: datetime.date, counts: Sequence[Count], *, looks: int, expires_at: datetime.datetime) -> None:
    """Send what there was on that day. Without anything unusual, say so: a missing message means a fault."""
    context: Context = {
        "date": london.long_date(day),
        "counts": [
            {"label": each.label, "number": each.number, "page": f"{staff_url('audit:overview')}{each.address}"}
            for each in counts
            if each.number
        ],
        "looks": looks,
        "page": staff_url("audit:overview"),
    }
    _queue(DIGEST, digest_key(day), context, expires_at=expires_at)


def _queue(kind: str, key: str, context: Context, *, expires_at: datetime.datetime | None = None) -> None:
    # A thread of its own, so that no message waits for another.
    queue_message(
        dedupe_key=key,
        thread=key,
        recipient=settings.AUDITOR_EMAIL,
        sender=settings.FROM_EMAIL,
        expires_at=expires_at,
        **render(kind, context),
    )
