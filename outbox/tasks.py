"""Work for the queue. Arguments are ids, so that the content of a message never reaches the broker."""

import logging
import uuid
from datetime import datetime

from celery import shared_task
from django.utils import timezone
from django.utils.module_loading import import_string
from kombu.exceptions import OperationalError
from structlog.contextvars import bound_contextvars

from outbox import health
from outbox.sending import delivery
from walkandtalk.lib.database.restores import RESTORED, was_restored

logger = logging.getLogger(__name__)


@shared_task
def deliver(message_id: str) -> None:
    delivery.deliver_batch(message_id)


@shared_task
def run_job(job: str) -> None:
    """Call one job, `some.jobs.function(now)`, by its dotted name. In a restored database no job runs."""
    if was_restored():
        logger.error(RESTORED)
        return
    with health.record_job(job), bound_contextvars(job=job):
        import_string(job)(timezone.now())


@shared_task
def worker_heartbeat() -> None:
    health.record_heartbeat("worker")


def request_delivery(message_id: uuid.UUID, *, at: datetime | None = None) -> None:
    """Ask the queue to deliver the message now, or at that time. Without a queue the loop sends it a little later."""
    if not (deliver.app.conf.broker_url or deliver.app.conf.task_always_eager):
        return
    try:
        if at is None:
            deliver.delay(str(message_id))
        else:
            deliver.apply_async((str(message_id),), eta=at)
    except OperationalError:
        logger.warning("The queue did not take message %s; the loop will send it", message_id)
