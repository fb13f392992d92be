"""Powers that were taken away between a backup and its restore, and came back with it.

The copy of the security log that left the machine knows of them (docs/monitoring.md#logs).
"""

import datetime
import json
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.db import transaction

from accounts.models import SecurityEventKind, UnfinishedClosure
from accounts.security_log import record_security_event
from accounts.sessions.ending import close_access, lock_account
from boroughs.models.officers import Officer

SECURITY_LOG = "walkandtalk.security_log"
CLOCKS_DIFFER = datetime.timedelta(minutes=5)
CLOSED, REOPENED = SecurityEventKind.DEACTIVATED, SecurityEventKind.REACTIVATED
# Events that take no power away and give none, so nobody has to do them again.
UNCHANGING = frozenset(
    {
        SecurityEventKind.SIGNED_IN,
        SecurityEventKind.SIGNED_OUT,
        SecurityEventKind.SESSION_ENDED,
        SecurityEventKind.SIGN_IN_FAILED,
        SecurityEventKind.SIGN_IN_REFUSED,
        SecurityEventKind.FORBIDDEN,
        SecurityEventKind.LIMIT_REACHED,
        SecurityEventKind.RESET_ASKED,
        SecurityEventKind.SEARCHED,
        SecurityEventKind.SEARCHED_BY_NAME,
        SecurityEventKind.READING_PAUSED,
        SecurityEventKind.SEARCHING_PAUSED,
        SecurityEventKind.WALK_CHECKED,
        SecurityEventKind.WALK_CHECK_FAILED,
        SecurityEventKind.LOG_EXPORTED,
        SecurityEventKind.PEOPLE_EXPORTED,
    }
)


@dataclass(frozen=True)
class LostEvent:
    """A line of the security log that the restored database doesn't have, or may not have."""

    kind: str
    subject: int | None
    change: str
    at: str

    def __str__(self) -> str:
        account = f" of account {self.subject}" if self.subject else ""
        return f"{self.at} {self.kind}{account}" + (f" ({self.change})" if self.change else "")


def read_lost_events(lines: Iterable[str], *, since: datetime.datetime) -> list[LostEvent]:
    """Return what changed after that time, or shortly before, because clocks differ.

    Lines that are no JSON, or of another log, are passed over.
    """
    since -= CLOCKS_DIFFER
    return [
        LostEvent(line["event"], line["subject"], line["change"], line["at"])
        for line in map(_parse, lines)
        if line.get("logger") == SECURITY_LOG
        and line["event"] not in UNCHANGING
        and datetime.datetime.fromisoformat(line["at"]) > since
    ]


def lost_powers(lost: Iterable[LostEvent]) -> list[LostEvent]:
    """Return what somebody has to look at: all but the closing of accounts, which `close_again` has repeated."""
    return [event for event in lost if event.kind != CLOSED]


def close_again(lost: Iterable[LostEvent]) -> int:
    """Close the accounts that were closed since the backup, and not opened again. Return how many."""
    last = {event.subject: event.kind for event in lost if event.kind in (CLOSED, REOPENED)}
    closed = [subject for subject, kind in last.items() if kind == CLOSED]
    people = Officer.objects.filter(pk__in=closed, is_active=True).order_by("pk")
    for person in people:
        _close(person)
    return len(people)


@transaction.atomic
def _close(person: Officer) -> None:
    locked = lock_account(person)
    close_access(locked)
    event = record_security_event(CLOSED, subject=locked, change="repeated after a restore")
    UnfinishedClosure.objects.update_or_create(officer=locked, defaults={"event": event})


def _parse(line: str) -> dict[str, Any]:
    try:
        parsed = json.loads(line)
    except ValueError:
        return {}
    return parsed if isinstance(parsed, dict) else {}
