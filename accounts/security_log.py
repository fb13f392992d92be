"""The security log: what happens to accounts, and what staff try to do (docs/rules.md#security-log)."""

import json
import logging
from collections.abc import Collection
from typing import Any

from django.core.serializers.json import DjangoJSONEncoder
from django.http import HttpRequest

from accounts.limits import RateLimit
from accounts.models import RateCount, SecurityEvent, SecurityEventKind
from boroughs.models.officers import Officer
from walkandtalk.lib.monitoring.request_ids import current_request_id

ROUTE_LENGTH = SecurityEvent._meta.get_field("route").max_length

logger = logging.getLogger("walkandtalk.security_log")


def record_security_event(
    kind: SecurityEventKind, *, officer: Officer | None = None, subject: Officer | None = None, **about: Any
) -> SecurityEvent:
    """Write one line, and the same line with ids for the log shipper.

    `officer` is the person who did it, `subject` the officer whose account was changed. `about` takes the fields
    `change`, `booking_id`, `route`, `count` and `reason`.
    """
    event = SecurityEvent.objects.create(
        kind=kind, officer=officer, subject=subject, request_id=current_request_id(), **about
    )
    logger.info(json.dumps(_for_log_shipper(event), cls=DjangoJSONEncoder))
    return event


def record_refusal_once(
    kind: SecurityEventKind,
    limits: Collection[RateLimit],
    *,
    officer: Officer | None = None,
    subject: Officer | None = None,
    **about: Any,
) -> None:
    """Write one line for each limit and window, not one for each refusal, so that nobody can fill the log.

    Nobody is named for a limit that others have used up. Call it outside the transaction that was refused. A refusal
    costs one query, whether or not it writes a line, and two if limits of both kinds refused it.
    """
    own, shared = ([limit for limit in limits if limit.is_shared is is_shared] for is_shared in (False, True))
    if own and RateCount.objects.were_unused(own):
        record_security_event(kind, officer=officer, subject=subject, **about)
    if shared and RateCount.objects.were_unused(shared):
        record_security_event(kind, **about)


def route_name(request: HttpRequest) -> str:
    """Return the name of the address, such as triage:booking. Unlike the path it holds no id and no token."""
    match = request.resolver_match
    return match.view_name[:ROUTE_LENGTH] if match is not None else ""


def find_account(email: str) -> Officer | None:
    """Return whose name this is at sign-in. It costs the same whether or not there is such an account."""
    account: Officer | None = Officer.objects.filter(email__iexact=email).first()
    return account


def _for_log_shipper(event: SecurityEvent) -> dict[str, object]:
    return {
        "event": event.kind,
        "person": event.officer_id,
        "subject": event.subject_id,
        "change": event.change,
        "booking": event.booking_id,
        "route": event.route,
        "count": event.count,
        "at": event.at,
        "request": event.request_id,
    }
