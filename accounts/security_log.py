"""The security log: what happens to accounts, and what staff try to do (docs/rules.md#security-log)."""

import json
import logging
from typing import Any

from django.core.serializers.json import DjangoJSONEncoder

from accounts.models import SecurityEvent, SecurityEventKind
from boroughs.models.officers import Officer
from walkandtalk.lib.reading import current_request_id

logger = logging.getLogger("walkandtalk.security_log")


def record_security_event(
    kind: SecurityEventKind, *, officer: Officer | None = None, subject: Officer | None = None, **about: Any
) -> SecurityEvent:
    """Write one line, and the same line with ids for the log shipper.

    `officer` is the person who did it, `subject` the officer whose account was changed. `about` takes the fields
    `booking_id`, `route`, `count` and `reason`.
    """
    event = SecurityEvent.objects.create(
        kind=kind, officer=officer, subject=subject, request_id=current_request_id(), **about
    )
    logger.info(json.dumps(_for_log_shipper(event), cls=DjangoJSONEncoder))
    return event


def _for_log_shipper(event: SecurityEvent) -> dict[str, object]:
    return {
        "event": event.kind,
        "person": event.officer_id,
        "subject": event.subject_id,
        "booking": event.booking_id,
        "route": event.route,
        "count": event.count,
        "at": event.at,
        "request": event.request_id,
    }
