"""Asks partners what has become of our requests, each at most once in six hours."""

import logging
import time
from datetime import datetime

from django.db import transaction

from partners.models.open311 import Open311Request
from partners.open311 import client
from partners.open311.client import Refused, RemoteState
from partners.open311.connection import NotSent, Unanswered
from partners.open311.delivery import BATCH_SECONDS
from partners.statuses import RequestStatus
from walkandtalk.lib.rows import save_changes

logger = logging.getLogger(__name__)


def poll_due(now: datetime) -> None:
    """Ask about those that are due, for a few seconds. The next run goes on."""
    end = time.monotonic() + BATCH_SECONDS
    while time.monotonic() < end and (request := _take(now)) is not None:
        try:
            _poll(request, now)
        except (Refused, NotSent, Unanswered) as error:
            logger.warning("Open311 request %s could not be read: %s", request.pk, type(error).__name__)


def _take(now: datetime) -> Open311Request | None:
    """Save that it is asked about before the connection opens, so that nobody else asks, and no failure repeats it."""
    with transaction.atomic(durable=True):
        rows = Open311Request.objects.pollable(now).filter(partner__is_active=True).exclude(partner__endpoint="")
        locked = rows.select_related("partner").select_for_update(of=("self",), skip_locked=True, no_key=True)
        request = locked.first()
        if request is not None:
            save_changes(request, polled_at=now)
        return request


def _poll(request: Open311Request, now: datetime) -> None:
    if not request.service_request_id:
        given = client.read_token(request)
        if not given:
            return
        save_changes(request, service_request_id=given)
    state = client.read(request)
    if state is not None:
        _save_state(request, state, now)


@transaction.atomic
def _save_state(request: Open311Request, state: RemoteState, now: datetime) -> None:
    locked = Open311Request.objects.select_for_update(no_key=True)
    request.refresh_from_db(from_queryset=locked)
    before = RemoteState(status=request.remote_status, notes=request.remote_notes)
    if request.status == RequestStatus.SENT and state != before:
        save_changes(request, remote_status=state.status, remote_notes=state.notes, news_at=now)
