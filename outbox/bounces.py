"""Webhooks with which mail services report bounces. django-anymail reads the format of each service.

The library passes each report on as a Django signal. It offers no other way, so this is the only signal receiver that
we have (docs/decisions/bounces.md).
"""

import json
import logging
from collections.abc import Callable
from functools import wraps
from typing import Any

from anymail.signals import EventType, tracking
from anymail.urls import urlpatterns as known_webhooks
from django.core.exceptions import BadRequest, ImproperlyConfigured
from django.dispatch import receiver
from django.http import HttpRequest, HttpResponse
from django.urls import URLPattern, path

from outbox.actions import record_bounce

logger = logging.getLogger(__name__)

FORMS = ("multipart/form-data", "application/x-www-form-urlencoded")
NOT_ARRIVED = (EventType.BOUNCED, EventType.FAILED, EventType.REJECTED)


def webhook_urls_for(service: str) -> list[URLPattern]:
    """Return the one webhook address for this service: "brevo", "mailgun", "sendgrid", …"""
    patterns = [pattern for pattern in known_webhooks if pattern.name == f"{service}_tracking_webhook"]
    if not patterns:
        raise ImproperlyConfigured(f"BOUNCE_WEBHOOK names an unknown mail service: {service}.")
    return [path(str(pattern.pattern), _refuse_malformed(pattern.callback), name=pattern.name) for pattern in patterns]


def _refuse_malformed(webhook: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
    """Answer 400 to JSON that is no report. The library would fail on it."""

    @wraps(webhook)
    def received(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if request.method == "POST" and request.content_type not in FORMS:
            try:
                reports = json.loads(request.body)
            except ValueError as error:
                raise BadRequest("unreadable report") from error
            if not all(isinstance(report, dict) for report in (reports if isinstance(reports, list) else [reports])):
                raise BadRequest("unreadable report")
        return webhook(request, *args, **kwargs)

    return received


@receiver(tracking, dispatch_uid="outbox.bounces")
def on_tracking_event(event: Any, **rest: Any) -> None:
    """Record the messages that are known to have bounced. The mail service deals with delays itself."""
    if event.event_type not in NOT_ARRIVED or not event.message_id:
        return
    message_id = f"<{event.message_id.strip('<> ')}>"
    if record_bounce(message_id):
        logger.info("A message bounced: %s", event.event_type)
