"""Names that changed shortly before a proposal, so that nobody agrees to a change of someone else."""

import datetime
from collections.abc import Iterable

from accounts.models import SecurityEvent, SecurityEventKind
from boroughs.models.officers import Officer
from walkandtalk.lib import london

WITHIN = datetime.timedelta(days=30)


def find_renames(people: Iterable[Officer], now: datetime.datetime) -> dict[int, str]:
    """Return, by person, who changed the name, rank or number last and when, if that was within 30 days."""
    renamed = SecurityEvent.objects.filter(kind=SecurityEventKind.ACCOUNT_CHANGED, at__gt=now - WITHIN)
    found: dict[int, str] = {}
    for event in renamed.filter(subject__in=list(people)).select_related("officer").order_by("at"):
        if event.subject_id is not None and event.officer is not None:
            found[event.subject_id] = f"{event.officer.name} on {london.long_date(event.at)}"
    return found
