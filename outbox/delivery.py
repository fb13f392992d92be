"""Moves one message to the mail server. Both movers, the Celery task and the loop, come through here.

A message is claimed in a transaction of its own, with its attempt and a lease written before any connection is opened.
Whoever dies with it in hand leaves a lease that runs out, and the message is taken up again. Nothing is finished but
by the holder of the lease.
"""

import logging
import random
import uuid
from base64 import b64decode
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.core.mail import get_connection
from django.db import Error, IntegrityError, transaction
from django.db.models import Q
from django.utils import timezone

from outbox.mime import Email, Identity
from outbox.models import Attempt, Message
from outbox.smtp import NotAccepted
from outbox.statuses import WAITING, State, Step

logger = logging.getLogger(__name__)

# Longer than a hand-over can take (smtp.HAND_OVER_SECONDS), so that no two movers ever hold the same message.
LEASE = timedelta(seconds=60)
# How long to wait after the first, second, … try; the last goes on until GIVE_UP_AFTER.
WAITS = [timedelta(seconds=seconds) for seconds in (5, 20, 60, 180, 600, 1800, 3600)]
JITTER = 0.2
TRIES_BEFORE_EXPIRY = 3
GIVE_UP_AFTER = timedelta(days=3)


class Withdrawn(Exception):
    """The message is no longer ours to send: overtaken by newer news, or the lease was lost."""


@dataclass(frozen=True)
class Outcome:
    step: Step
    code: int | None = None


def deliver(message_id: uuid.UUID | str) -> State:
    """Send the message if it may be sent now; in any case say where it stands."""
    close_overdue()
    message = _claim(Q(pk=message_id))
    if message:
        _send(message)
    return State(Message.objects.values_list("state", flat=True).get(pk=message_id))


def deliver_due(limit: int) -> int:
    """Send what is due, the oldest first, and say how many were tried."""
    close_overdue()
    tried = 0
    while tried < limit and (message := _claim(Q())):
        _send(message)
        tried += 1
    return tried


def close_overdue() -> None:
    """What came too late is never sent, nor is what was overtaken while a mover that is gone had it in hand."""
    now = timezone.now()
    abandoned = Q(state=State.SENDING, lease_until__lt=now)
    Message.objects.filter(abandoned, superseded_at__isnull=False).update(state=State.SUPERSEDED, **_NO_LEASE)
    nobody_has_it = Q(state__in=WAITING) | abandoned
    Message.objects.filter(nobody_has_it, expires_at__lte=now).update(state=State.EXPIRED, **_NO_LEASE)


_NO_LEASE = {"lease_until": None, "lease_token": None}


def _claim(which: Q) -> Message | None:
    """Take the lease of the oldest message that may go, and write the attempt down before anything is sent."""
    try:
        # Durable: what is not committed protects nothing.
        with transaction.atomic(durable=True):
            claimable = Message.objects.claimable(timezone.now()).filter(which)
            message = claimable.select_for_update(skip_locked=True, no_key=True).first()
            if message:
                _take(message)
            return message
    except IntegrityError:
        # Another message of the thread was taken between our look and our write.
        return None


def _take(message: Message) -> None:
    now = timezone.now()
    if message.state == State.SENDING:
        # Its mover is gone, and nobody knows whether the server has it. Whoever can ask the server asks here; without
        # an answer it goes again, identical: missing is worse than double.
        Attempt.objects.create(message=message, number=message.attempts, step=Step.UNANSWERED)
    message.state = State.SENDING
    message.attempts += 1
    message.lease_token = uuid.uuid4()
    message.lease_until = now + LEASE
    message.save(update_fields=["state", "attempts", "lease_token", "lease_until"])
    Attempt.objects.create(message=message, number=message.attempts, step=Step.STARTED)


def _send(message: Message) -> None:
    try:
        outcome = _hand_over(message)
    except Error:
        raise  # we could not write the end down either; the lease runs out
    except Exception as error:  # noqa: BLE001 - one bad message must not stop the others, nor be tried without a pause
        # The kind of error alone: its words may hold the address or the content.
        logger.error("Message %s could not be sent: %s", message.pk, type(error).__name__)
        outcome = Outcome(Step.DEFERRED)
    _finish(message, outcome)


def _hand_over(message: Message) -> Outcome:
    connection = get_connection(before_data=lambda: _renew(message))
    try:
        connection.send_messages([build(message)])
    except Withdrawn:
        return Outcome(Step.WITHDRAWN)
    except NotAccepted as error:
        if error.unanswered:
            return Outcome(Step.UNANSWERED)
        return Outcome(Step.REFUSED if error.for_good else Step.DEFERRED, error.code)
    return Outcome(Step.ACCEPTED, 250)


def build(message: Message) -> Email:
    """The email of a row; the same row always makes the same bytes."""
    email = Email(subject=message.subject, body=message.text, from_email=message.sender, to=[message.recipient])
    email.identity = Identity(message.pk.hex, message.message_id, message.send_after or message.created_at)
    if message.html:
        email.attach_alternative(message.html, "text/html")
    for attachment in message.attachments:
        content = b64decode(attachment["content"])
        if attachment["alternative"]:
            email.attach_alternative(content.decode(), attachment["mimetype"])
        email.attach(attachment["filename"], content, attachment["mimetype"])
    return email


def _mine(message: Message) -> Q:
    return Q(pk=message.pk, state=State.SENDING, lease_token=message.lease_token)


def _renew(message: Message) -> None:
    """The last look before the content goes: still ours, and still news?"""
    still_mine = Message.objects.filter(_mine(message), superseded_at=None)
    if not still_mine.update(lease_until=timezone.now() + LEASE):
        raise Withdrawn


def _finish(message: Message, outcome: Outcome) -> None:
    with transaction.atomic(durable=True):
        held = Message.objects.select_for_update(no_key=True).filter(_mine(message)).first()
        if held is None:
            logger.warning("Message %s was taken over by another mover", message.pk)
            return
        _settle(held, outcome, timezone.now())
        Attempt.objects.create(message=held, number=held.attempts, step=outcome.step, code=outcome.code)
    logger.info("Message %s: %s %s", held.pk, outcome.step, outcome.code or "")


def _settle(message: Message, outcome: Outcome, now: datetime) -> None:
    message.state = _next_state(message, outcome, now)
    message.lease_token = message.lease_until = None
    message.last_code = outcome.code
    message.sent_at = now if message.state == State.SENT else None
    message.next_at = now + wait_before_next(message, now)
    message.save(update_fields=["state", "lease_token", "lease_until", "last_code", "sent_at", "next_at"])


def _next_state(message: Message, outcome: Outcome, now: datetime) -> State:
    if outcome.step == Step.ACCEPTED:
        return State.SENT
    if message.superseded_at:
        return State.SUPERSEDED
    if outcome.step == Step.REFUSED or now - message.created_at > GIVE_UP_AFTER:
        return State.FAILED
    return State.RETRY


def wait_before_next(message: Message, now: datetime) -> timedelta:
    """Longer each time, never quite the same, and short enough for three tries before the message is of no use."""
    wait = WAITS[min(message.attempts, len(WAITS)) - 1] * random.uniform(1 - JITTER, 1 + JITTER)  # noqa: S311
    tries_left = TRIES_BEFORE_EXPIRY - message.attempts
    if message.expires_at and tries_left > 0:
        wait = min(wait, max((message.expires_at - now) / (tries_left + 1), timedelta(seconds=1)))
    return wait
