"""Sends requests to partners by the rules of the outbox (docs/decisions/outbox.md): lease, attempt, ask, retry.

A request is claimed in a transaction of its own, which saves the attempt and the lease before any connection is opened.
If a sender dies with it, the lease runs out, and the next one asks the partner's server before it sends again.
"""

import logging
import random
import time
import uuid
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db import Error, transaction
from django.db.models import Q
from django.utils import timezone

from partners.models.open311 import Open311Request
from partners.open311 import client
from partners.open311.client import Accepted, Refused
from partners.open311.connection import NotSent, Unanswered
from partners.statuses import REMOTE_OPEN, RequestStatus
from walkandtalk.lib.rows import save_changes

logger = logging.getLogger(__name__)

LEASE = timedelta(seconds=90)
"""Longer than asking or sending can take (15 s, and as much again for a slow name server)."""
RETRY_DELAYS = [timedelta(minutes=minutes) for minutes in (1, 5, 20, 60, 180, 360)]
JITTER = 0.2
GIVE_UP_AFTER = timedelta(days=7)
BATCH_SECONDS = 5.0
"""A job has 45 seconds, and in the loop others wait for it."""
PASSING_REFUSALS = frozenset({401, 403, 408, 425, 429})
"""Refusals that may end: a wrong key must not fail everything that waits, and a limit is over one day."""
CANNOT_ASK = frozenset({400, 404, 405})
"""Refusals of servers that keep no list. A place that is reported twice is better than one that nobody hears of."""
NO_LEASE = {"lease_until": None, "lease_token": None}


class LeaseLost(Exception):
    """Another sender has this request, or it has been cancelled."""


@dataclass(frozen=True, kw_only=True)
class Outcome:
    accepted: Accepted | None = None
    is_final: bool = False
    may_have_arrived: bool = False
    code: int | None = None


def send_due() -> None:
    """Send what is due for a few seconds. The next run goes on."""
    end = time.monotonic() + BATCH_SECONDS
    while time.monotonic() < end and (request := claim()) is not None:
        _send(request)


def claim() -> Open311Request | None:
    """Take the lease of the oldest request that may be sent, and save the attempt before anything is sent."""
    now = timezone.now()
    with transaction.atomic(durable=True):
        rows = Open311Request.objects.claimable(now).select_for_update(of=("self",), skip_locked=True, no_key=True)
        request = rows.select_related("partner").first()
        if request is not None:
            was_abandoned = request.status == RequestStatus.SENDING
            save_changes(
                request,
                status=RequestStatus.SENDING,
                attempts=request.attempts + 1,
                may_have_arrived=request.may_have_arrived or was_abandoned,
                lease_token=uuid.uuid4(),
                lease_until=now + LEASE,
            )
        return request


def _send(request: Open311Request) -> None:
    try:
        outcome = _transmit(request)
    except LeaseLost:
        return
    except Error:
        raise  # the outcome can't be saved either, so the lease runs out
    except Exception as error:  # noqa: BLE001  # one bad row must not stop the others, or be tried again at once
        logger.error("Open311 request %s could not be sent: %s", request.pk, type(error).__name__)
        outcome = Outcome(may_have_arrived=True)
    _record(request, outcome)


def _transmit(request: Open311Request) -> Outcome:
    partner = request.partner
    if not partner.is_active or not partner.endpoint:
        return Outcome(is_final=True)
    try:
        if request.may_have_arrived and (found := _find(request)) is not None:
            return Outcome(accepted=found)
        _renew_lease(request)
        return Outcome(accepted=client.create(request))
    except Refused as refused:
        return Outcome(is_final=refused.code not in PASSING_REFUSALS, code=refused.code)
    except NotSent:
        return Outcome()
    except Unanswered:
        return Outcome(may_have_arrived=True)


def _find(request: Open311Request) -> Accepted | None:
    """Ask whether the partner has it already. Without an answer nothing is sent."""
    try:
        return client.find(request, timezone.now())
    except Refused as refused:
        if refused.code in CANNOT_ASK:
            return None
        raise Unanswered from None


def _holds_lease(request: Open311Request) -> Q:
    return Q(pk=request.pk, status=RequestStatus.SENDING, lease_token=request.lease_token)


def _renew_lease(request: Open311Request) -> None:
    rows = Open311Request.objects.filter(_holds_lease(request), cancelled_at=None)
    if not rows.update(lease_until=timezone.now() + LEASE):
        raise LeaseLost


def _record(request: Open311Request, outcome: Outcome) -> None:
    """Save the outcome of an attempt. Change nothing if the lease was lost in the meantime."""
    now = timezone.now()
    status = _status(request, outcome, now)
    changes: dict[str, object] = {
        **NO_LEASE,
        "status": status,
        "may_have_arrived": request.may_have_arrived or outcome.may_have_arrived,
        "last_code": outcome.code,
        "next_at": now + _retry_delay(request.attempts),
    }
    if outcome.accepted is not None:
        changes |= {
            "service_request_id": outcome.accepted.service_request_id,
            "token": outcome.accepted.token,
            "remote_status": REMOTE_OPEN,
        }
    if status != RequestStatus.WAITING:
        changes["news_at"] = now
    if not Open311Request.objects.filter(_holds_lease(request)).update(**changes):
        logger.warning("Open311 request %s was taken over by another sender", request.pk)
        return
    logger.info("Open311 request %s: %s %s", request.pk, status, outcome.code or "")


def _status(request: Open311Request, outcome: Outcome, now: datetime) -> RequestStatus:
    if outcome.accepted is not None:
        return RequestStatus.SENT
    is_over = outcome.is_final or now - request.created_at > GIVE_UP_AFTER
    return RequestStatus.FAILED if is_over else RequestStatus.WAITING


def _retry_delay(attempts: int) -> timedelta:
    wait = RETRY_DELAYS[min(attempts, len(RETRY_DELAYS)) - 1]
    return wait * random.uniform(1 - JITTER, 1 + JITTER)  # noqa: S311  # spreads the load, protects nothing
