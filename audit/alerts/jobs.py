"""Jobs that tell the auditor. Running one twice, or late, sends nothing twice."""

import datetime

from audit.alerts import actions
from audit.alerts.emails import alert_key, digest_key
from audit.alerts.findings import by_importance, findings, previous_day
from outbox.models import Message
from walkandtalk.lib import london

BATCH = 100
DIGEST_FROM, DIGEST_UNTIL = datetime.time(7), datetime.time(12)


def send_alerts(now: datetime.datetime) -> None:
    """Send one message for each finding that none was written for: the gravest now, the others in the next minutes."""
    found = {alert_key(finding): finding for finding in findings(now)}
    written = set(Message.objects.filter(dedupe_key__in=found).values_list("dedupe_key", flat=True))
    new = [finding for key, finding in found.items() if key not in written]
    for finding in by_importance(new)[:BATCH]:
        actions.send_alert(finding)


def send_digest(now: datetime.datetime) -> None:
    """Send the digest of the day before, from 7am to midday in London."""
    day = previous_day(now)
    if not DIGEST_FROM <= london.local(now).time() < DIGEST_UNTIL:
        return
    if not Message.objects.filter(dedupe_key=digest_key(day)).exists():
        actions.send_digest(day, now=now)
