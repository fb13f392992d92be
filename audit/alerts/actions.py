"""Tell the auditor what was found."""

import datetime

from django.db import transaction

from audit.alerts import emails
from audit.alerts.findings import Finding, count_looks, counts_of
from walkandtalk.lib import london

DIGEST_UNTIL = datetime.time(18)


@transaction.atomic
def send_alert(finding: Finding) -> None:
    emails.send_alert(finding)


@transaction.atomic
def send_digest(day: datetime.date, *, now: datetime.datetime) -> None:
    """Send the counts of that day."""
    until = london.first_instant(london.local(now).date(), DIGEST_UNTIL)
    emails.send_digest(day, counts_of(day), looks=count_looks(day), expires_at=until)
