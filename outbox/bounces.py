"""Mail services tell us by webhook that a message came back. django-anymail reads each service's own format.

It hands its news on as a Django signal: that is the library's own way in, and the receiver here is the only one we have
(docs/decisions/bounces.md).
"""

import logging
from typing import Any

from anymail.signals import EventType, tracking
from anymail.urls import urlpatterns as known_webhooks
from django.core.exceptions import ImproperlyConfigured
from django.dispatch import receiver
from django.urls import URLPattern

from outbox.actions import record_bounce

logger = logging.getLogger(__name__)

NOT_ARRIVED = (EventType.BOUNCED, EventType.FAILED, EventType.REJECTED)


def webhook_urls_for(service: str) -> list[URLPattern]:
    """The one address on which this service may tell us: "brevo", "mailgun", "sendgrid", …"""
    found = [pattern for pattern in known_webhooks if pattern.name == f"{service}_tracking_webhook"]
    if not found:
        raise ImproperlyConfigured(f"BOUNCE_WEBHOOK names no mail service that we know: {service}.")
    return found


@receiver(tracking, dispatch_uid="outbox.bounces")
def on_tracking_event(event: Any, **rest: Any) -> None:
    """Only what is known to have come back counts. A delay is the mail service's own matter."""
    if event.event_type not in NOT_ARRIVED or not event.message_id:
        return
    message_id = f"<{event.message_id.strip('<> ')}>"
    if record_bounce(message_id):
        logger.info("A message came back: %s", event.event_type)
