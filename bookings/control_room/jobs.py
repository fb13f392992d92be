"""Jobs that tell of checks with wrong words, so that a no costs the same whatever it was about."""

import datetime
from functools import partial

from django.db.models import CharField, Exists, OuterRef
from django.db.models.functions import Cast

from accounts.models import SecurityEvent, SecurityEventKind
from bookings.control_room.actions import record_failed_check, report_closed_check, walks_with_closed_check
from bookings.models.events import Event
from bookings.statuses import EventKind
from outbox.jobs import BATCH, for_each

LOOKS_BACK = datetime.timedelta(days=7)
"""For how long, so that a stack that was down for days still tells."""
LAST_HOUR = datetime.timedelta(hours=1)
"""For how long a limit that began anew is still told of: a day of the limit ends at midnight, between two runs."""


def record_failed_checks(now: datetime.datetime) -> None:
    """Record them here and not while the operator waits: so a no never shows whether there is such a walk."""
    lines = SecurityEvent.objects.filter(
        kind=SecurityEventKind.WALK_CHECK_FAILED, at__gt=now - LOOKS_BACK, at__lte=now, booking_id__isnull=False
    )
    number = Cast(OuterRef("pk"), CharField())
    recorded = Event.objects.filter(kind=EventKind.WALK_CHECK_FAILED, booking=OuterRef("booking_id"), code=number)
    new = lines.filter(~Exists(recorded)).select_related("officer").order_by("at", "pk")
    for_each(new[:BATCH], record_failed_check)


def report_closed_checks(now: datetime.datetime) -> None:
    """Tell the team and the auditor of each walk whose check closed. The no that closed it tells nobody."""
    for at in (now - LAST_HOUR, now):
        for_each(walks_with_closed_check(at, now), partial(report_closed_check, at=at))
