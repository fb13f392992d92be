"""Actions on messages, for the other apps. Call them in the transaction of the event that a message is about."""

from base64 import b64decode, b64encode
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, field
from datetime import datetime
from functools import reduce
from operator import or_
from typing import Any
from uuid import UUID, uuid4

from django.core.mail import BadHeaderError
from django.core.validators import validate_email
from django.db import connection, transaction
from django.db.models import Case, F, Q, Value, When
from django.utils import timezone

from outbox import tasks
from outbox.models import Attempt, Message, MessageQuerySet
from outbox.sending.smtp import get_host
from outbox.statuses import TO_RESOLVE, UNDELIVERED, UNSENT, State, Step
from walkandtalk.lib.monitoring.request_ids import current_request_id
from walkandtalk.lib.rows import save_changes

RESEND_MARKER = ":again:"
NO_CONTENT: dict[str, Any] = {
    "recipient": "",
    "subject": "",
    "text": "",
    "html": "",
    "attachments": [],
    "unsubscribe_url": None,
}
FINAL_STATES = (*UNDELIVERED, State.SUPERSEDED, State.UNDONE)
IN_REVIEW = Q(state=State.REVIEW, resolved_at=None)
STOPPABLE = Q(state__in=UNSENT) | IN_REVIEW


@dataclass(frozen=True)
class Attachment:
    """A file to attach. With `alternative` it is also offered as another form of the text, as calendars need."""

    filename: str
    mimetype: str
    content: bytes
    alternative: bool = False


@dataclass
class MessageBatch:
    """The messages that one decision queues, and the unsent older ones that it supersedes.

    With `hold_until`, the new ones are held until then.
    """

    hold_until: datetime | None = None
    queued: list[UUID] = field(default_factory=list)
    superseded: list[UUID] = field(default_factory=list)


_batch: ContextVar[MessageBatch | None] = ContextVar("_batch", default=None)
_for_review: ContextVar[bool] = ContextVar("_for_review", default=False)


@contextmanager
def messages_for_review() -> Iterator[None]:
    """Hold every message that is queued inside for review, because it may have been sent before a restore."""
    token = _for_review.set(True)
    try:
        yield
    finally:
        _for_review.reset(token)


@contextmanager
def message_batch(*, hold_until: datetime | None = None) -> Iterator[MessageBatch]:
    """Collect, and perhaps hold, every message that is queued inside. A batch around it collects them as well."""
    batch, around = MessageBatch(hold_until), _batch.get()
    token = _batch.set(batch)
    try:
        yield batch
    finally:
        _batch.reset(token)
        if around is not None:
            around.queued += batch.queued
            around.superseded += batch.superseded


def queue_message(
    *,
    dedupe_key: str,
    thread: str,
    recipient: str,
    sender: str,
    subject: str,
    text: str,
    html: str = "",
    attachments: Sequence[Attachment] = (),
    version: int = 0,
    send_after: datetime | None = None,
    expires_at: datetime | None = None,
    domain: str | None = None,
    unsubscribe_url: str | None = None,
) -> None:
    """Save one message, once for each `dedupe_key`. The Message-ID uses `domain`, or else the sender's domain."""
    _require_transaction()
    _check_headers(recipient, sender, subject, *(file.filename for file in attachments))
    validate_email(recipient)
    pk, batch = uuid4(), _batch.get() or MessageBatch()
    is_held = batch.hold_until is not None and send_after is None
    send_after = send_after or batch.hold_until
    batch.queued.append(pk)
    message = Message(
        pk=pk,
        dedupe_key=dedupe_key,
        kind=_kind(dedupe_key),
        thread=thread,
        version=version,
        message_id=f"<{pk}@{domain or get_host(sender)}>",
        request_id=current_request_id(),
        sender=sender,
        recipient=recipient,
        subject=subject,
        text=text,
        html=html,
        attachments=[_as_json(file) for file in attachments],
        unsubscribe_url=unsubscribe_url,
        send_after=send_after,
        is_held=is_held,
        next_at=send_after or timezone.now(),
        expires_at=expires_at,
        state=State.REVIEW if _for_review.get() else State.PENDING,
    )
    # If there is one with this key already, nothing is saved, and the queue finds no message with the new id.
    Message.objects.bulk_create([message], ignore_conflicts=True)
    _request_delivery(message)


def supersede(thread: str, *, kinds: Sequence[str] = (), except_kinds: Sequence[str] = ()) -> int:
    """Stop the unsent messages of the thread, because newer news replaces them. Return how many there were.

    Those in review are among them: if they weren't sent before a restore, they mustn't be sent now.

    `kinds` limits this to certain kinds, and `except_kinds` leaves some out. A message that is being sent right now is
    marked: it is stopped if there is still time, and it is never tried again.
    """
    _require_transaction()
    older = Message.objects.in_thread(thread).exclude(kind__in=except_kinds)
    return _supersede(older.filter(kind__in=kinds) if kinds else older)


def supersede_to(recipient: str, *, thread_prefixes: Sequence[str]) -> int:
    """Stop the unsent messages to this address in threads of these kinds. Return how many there were.

    Addresses are encrypted, so it reads every unsent message of such threads.
    """
    _require_transaction()
    in_threads = reduce(or_, (Q(thread__startswith=prefix) for prefix in thread_prefixes))
    unsent = Message.objects.filter(in_threads, STOPPABLE).only("recipient")
    theirs = [message.pk for message in unsent if message.recipient.casefold() == recipient.casefold()]
    return _supersede(Message.objects.filter(pk__in=theirs))


def take_back(batch: MessageBatch) -> bool:
    """Stop and erase the messages of an undone decision, and restore those that it superseded.

    Return False, and change nothing, unless all of them are still held.
    """
    _require_transaction()
    locked = Message.objects.select_for_update(no_key=True).order_by("number")
    messages = list(locked.filter(pk__in=[*batch.queued, *batch.superseded]))
    held = [message for message in messages if message.pk in batch.queued]
    if any(message.state != State.PENDING or message.attempts for message in held):
        return False
    for message in messages:
        if message in held:
            save_changes(message, state=State.UNDONE, **NO_CONTENT)
        elif message.state == State.SENDING:
            save_changes(message, superseded_at=None)
        elif message.state == State.SUPERSEDED and message.resolved_at is not None:
            save_changes(message, state=State.REVIEW, superseded_at=None, resolved_at=None)
        elif message.state == State.SUPERSEDED:
            state = State.RETRY if message.attempts else State.PENDING
            save_changes(message, state=state, superseded_at=None)
            _request_delivery(message)
    return True


def resolve_thread(thread: str) -> int:
    """Mark the undelivered messages of the thread as resolved, because their reader has the news another way."""
    _require_transaction()
    lost = Message.objects.in_thread(thread).filter(state__in=TO_RESOLVE, resolved_at=None).order_by()
    return lost.update(resolved_at=timezone.now())


def send_again(message: Message, *, recipient: str, event_id: object) -> bool:
    """Send an undelivered message again, unchanged, to an address that may be a new one.

    Return False if the message has already been resolved, or if it is too late.
    """
    is_too_late = message.expires_at is not None and message.expires_at <= timezone.now()
    if is_too_late or not mark_resolved(message):
        return False
    queue_message(
        dedupe_key=f"{message.dedupe_key.partition(RESEND_MARKER)[0]}{RESEND_MARKER}{event_id}",
        thread=message.thread,
        recipient=recipient,
        sender=message.sender,
        subject=message.subject,
        text=message.text,
        html=message.html,
        attachments=[_from_json(file) for file in message.attachments],
        version=message.version,
        expires_at=message.expires_at,
        domain=message.message_id.rpartition("@")[2].rstrip(">"),
        unsubscribe_url=message.unsubscribe_url,
    )
    return True


def mark_resolved(message: Message) -> bool:
    """Mark an undelivered message as resolved. Return False if it already was."""
    _require_transaction()
    lost = Message.objects.filter(pk=message.pk, state__in=TO_RESOLVE, resolved_at=None)
    return bool(lost.update(resolved_at=timezone.now()))


def record_bounce(message_id: str) -> bool:
    """Record that the mail service reports a bounce. Return False if none of our messages could have bounced."""
    with transaction.atomic():
        locked = (
            Message.objects.select_for_update(no_key=True).filter(message_id=message_id).exclude(state__in=FINAL_STATES)
        )
        message = locked.first()
        if message is None:
            return False
        save_changes(message, state=State.BOUNCED, lease_token=None, lease_until=None)
        Attempt.objects.create(message=message, number=message.attempts, step=Step.BOUNCED)
    return True


def erase_thread(thread: str, *, expired_by: datetime | None = None) -> int:
    """Erase the contents and recipients of the thread's messages. The record that they were sent remains.

    With `expired_by`, erase only those that had expired by then.
    """
    _require_transaction()
    messages = Message.objects.in_thread(thread)
    if expired_by is not None:
        messages = messages.filter(expires_at__lte=expired_by)
    _supersede(messages)
    locked = list(messages.select_for_update(no_key=True))
    for message in locked:
        save_changes(message, **NO_CONTENT)
    return len(locked)


def _request_delivery(message: Message) -> None:
    """Ask the queue after the commit. Robust: if the queue is down, the loop sends the message."""
    at = message.send_after if message.is_held else None
    transaction.on_commit(lambda: tasks.request_delivery(message.pk, at=at), robust=True)


def _supersede(messages: MessageQuerySet) -> int:
    unsent = messages.filter(STOPPABLE).order_by()
    if (batch := _batch.get()) is not None:
        batch.superseded += unsent.filter(superseded_at=None).values_list("pk", flat=True)
    # One statement, because a message could change its state between two.
    now = timezone.now()
    in_hand = When(state=State.SENDING, then=Value(State.SENDING))
    # Nobody has to decide on it any more. `take_back` sees by this that it was in review.
    in_review = When(IN_REVIEW, then=Value(now))
    return unsent.update(
        state=Case(in_hand, default=Value(State.SUPERSEDED)),
        superseded_at=now,
        resolved_at=Case(in_review, default=F("resolved_at")),
    )


def _require_transaction() -> None:
    if not connection.in_atomic_block:
        raise RuntimeError("A message must be saved in the transaction of the event it is about.")


def _check_headers(*values: str) -> None:
    # Never repeat the value, because it may end up in a log.
    if any(not value.isprintable() for value in values):
        raise BadHeaderError("A header contains a line break or another control character.")


def _kind(dedupe_key: str) -> str:
    """Return the kind of message, which is the third part of the key."""
    parts = dedupe_key.split(":")
    if len(parts) < 3:
        raise ValueError("A dedupe key has the form <what>:<id>:<kind>:…")
    return parts[2]


def _as_json(file: Attachment) -> dict[str, Any]:
    return {
        "filename": file.filename,
        "mimetype": file.mimetype,
        "content": b64encode(file.content).decode(),
        "alternative": file.alternative,
    }


def _from_json(file: dict[str, Any]) -> Attachment:
    return Attachment(file["filename"], file["mimetype"], b64decode(file["content"]), file["alternative"])
