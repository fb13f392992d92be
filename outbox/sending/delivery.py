"""Sends messages to the mail server. Both senders, the Celery task and the loop, use this module.

`outbox.sending.claims` decides which sender may send a message. Only the holder of its lease may record the outcome.
"""

import logging
import random
import time
import uuid
from base64 import b64decode
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Self

from django.core.mail import get_connection
from django.core.mail.backends.base import BaseEmailBackend
from django.db import Error, transaction
from django.db.models import Case, Q, Value, When
from django.utils import timezone

from outbox.models import Attempt, Message
from outbox.sending import reconciliation
from outbox.sending.claims import NO_LEASE, Withdrawn, claim, expire_overdue, holds_lease, renew_lease
from outbox.sending.mime import Email, Identity
from outbox.sending.smtp import NotAccepted
from outbox.statuses import State, Step

logger = logging.getLogger(__name__)

# The wait after the first, second, … attempt. The last one repeats until GIVE_UP_AFTER.
RETRY_DELAYS = [timedelta(seconds=seconds) for seconds in (5, 20, 60, 180, 600, 1800, 3600)]
JITTER = 0.2
TRIES_BEFORE_EXPIRY = 3
GIVE_UP_AFTER = timedelta(days=3)
# A task has 45 seconds, and the last message that it starts may take 40.
BATCH_SECONDS = 4.0
EXPIRY_CHECK_SECONDS = 1.0


@dataclass(frozen=True)
class Outcome:
    step: Step
    code: int | None = None


def deliver_batch(message_id: uuid.UUID | str) -> None:
    """Send the message, then send other due messages over the same connection for a few seconds.

    If another sender has claimed the message, leave the rest to that sender.
    """
    end = time.monotonic() + BATCH_SECONDS
    with Sender() as sender:
        is_continuing = sender.deliver(message_id)
        while is_continuing and time.monotonic() < end:
            is_continuing = sender.deliver_next()


def deliver_due(limit: int) -> int:
    """Send due messages, oldest first, and return how many were tried."""
    with Sender() as sender:
        tried = 0
        while tried < limit and sender.deliver_next():
            tried += 1
        return tried


class Sender:
    """Sends one message after another over one connection, while the server keeps it open. For one thread only."""

    def __init__(self) -> None:
        self._connection: BaseEmailBackend | None = None
        self._expire_overdue_at = 0.0

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *exc_info: object) -> None:
        self.close_connection()

    def deliver(self, message_id: uuid.UUID | str) -> bool:
        return self._deliver(Q(pk=message_id))

    def deliver_next(self) -> bool:
        """Try to send the oldest due message. Return False if there is none."""
        if time.monotonic() >= self._expire_overdue_at:
            expire_overdue()
            self._expire_overdue_at = time.monotonic() + EXPIRY_CHECK_SECONDS
        return self._deliver(Q())

    def close_connection(self) -> None:
        if self._connection is not None:
            self._connection.close()
            self._connection = None

    def _deliver(self, which: Q) -> bool:
        message = claim(which)
        if message is None:
            return False
        self._send(message)
        return True

    def _send(self, message: Message) -> None:
        try:
            outcome = self._transmit(message)
        except Error:
            raise  # the outcome cannot be saved either, so the lease runs out
        except Exception as error:  # noqa: BLE001 - one bad message must not stop the others, or be retried immediately
            # Only the type of the error, because its text may contain the address or the content.
            logger.error("Message %s could not be sent: %s", message.pk, type(error).__name__)
            outcome = Outcome(Step.DEFERRED)
        record_outcome(message, outcome)

    def _transmit(self, message: Message) -> Outcome:
        if (
            _may_have_arrived(message)
            and reconciliation.ask_mail_server(message.message_id) == reconciliation.AcceptanceAnswer.ACCEPTED
        ):
            return Outcome(Step.FOUND)
        email = build_email(message)
        email.before_content = lambda: renew_lease(message)
        if self._connection is None:
            self._connection = get_connection()
            self._connection.open()
        try:
            self._connection.send_messages([email])
        except Withdrawn:
            return Outcome(Step.WITHDRAWN)
        except NotAccepted as error:
            if error.unanswered:
                return Outcome(Step.UNANSWERED)
            return Outcome(Step.REFUSED if error.for_good else Step.DEFERRED, error.code)
        return Outcome(Step.ACCEPTED, 250)


def _may_have_arrived(message: Message) -> bool:
    return message.attempts > 1 and message.log.filter(step=Step.UNANSWERED).exists()


def build_email(message: Message) -> Email:
    """Return the email for this row. The same row always gives the same bytes."""
    email = Email(subject=message.subject, body=message.text, from_email=message.sender, to=[message.recipient])
    date = message.send_after or message.created_at
    email.identity = Identity(message.pk.hex, message.message_id, date, message.request_id)
    email.unsubscribe_url = message.unsubscribe_url
    if message.html:
        email.attach_alternative(message.html, "text/html")
    for attachment in message.attachments:
        content = b64decode(attachment["content"])
        if attachment["alternative"]:
            email.attach_alternative(content.decode(), attachment["mimetype"])
        email.attach(attachment["filename"], content, attachment["mimetype"])
    return email


def record_outcome(message: Message, outcome: Outcome) -> None:
    """Save the outcome of an attempt. Change nothing if the lease was lost in the meantime."""
    now = timezone.now()
    has_arrived = outcome.step in (Step.ACCEPTED, Step.FOUND)
    with transaction.atomic(durable=True):
        updated = Message.objects.filter(holds_lease(message)).update(
            state=State.SENT if has_arrived else _state_of_unsent(message, outcome, now),
            sent_at=now if has_arrived else None,
            next_at=now + retry_delay(message, now),
            last_code=outcome.code,
            **NO_LEASE,
        )
        if not updated:
            logger.warning("Message %s was taken over by another sender", message.pk)
            return
        Attempt.objects.create(message=message, number=message.attempts, step=outcome.step, code=outcome.code)
    logger.info("Message %s: %s %s", message.pk, outcome.step, outcome.code or "")


def _state_of_unsent(message: Message, outcome: Outcome, now: datetime) -> Case:
    """Let the database decide, because the message may have been superseded since we claimed it."""
    for_good = outcome.step == Step.REFUSED or now - message.created_at > GIVE_UP_AFTER
    state = State.FAILED if for_good else State.RETRY
    return Case(When(superseded_at__isnull=False, then=Value(State.SUPERSEDED)), default=Value(state))


def retry_delay(message: Message, now: datetime) -> timedelta:
    """Return a wait that grows, varies a little, and leaves time for three attempts before the message expires."""
    wait = RETRY_DELAYS[min(message.attempts, len(RETRY_DELAYS)) - 1] * random.uniform(1 - JITTER, 1 + JITTER)  # noqa: S311
    tries_left = TRIES_BEFORE_EXPIRY - message.attempts
    if message.expires_at and tries_left > 0:
        wait = min(wait, max((message.expires_at - now) / (tries_left + 1), timedelta(seconds=1)))
    return wait
