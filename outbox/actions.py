"""What can happen to a message, for the other apps. Call these in the transaction of the event they speak of."""

from base64 import b64decode, b64encode
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import uuid4

from django.core.mail import BadHeaderError
from django.core.validators import validate_email
from django.db import connection, transaction
from django.db.models import Case, Value, When
from django.utils import timezone

from outbox import tasks
from outbox.models import Attempt, Message, MessageQuerySet
from outbox.sending.smtp import host_of
from outbox.statuses import UNDELIVERED, State, Step

RESEND_MARKER = ":again:"
FINAL_STATES = (*UNDELIVERED, State.SUPERSEDED)


@dataclass(frozen=True)
class Attachment:
    """A file. With `alternative` it is offered as another form of the text as well, as calendars need."""

    filename: str
    mimetype: str
    content: bytes
    alternative: bool = False


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
) -> Message:
    """Write one message, once for each `dedupe_key`. `domain` is that of the Message-ID, else the sender's."""
    _require_transaction()
    _check_headers(recipient, sender, subject, *(file.filename for file in attachments))
    validate_email(recipient)
    pk = uuid4()
    message = Message(
        pk=pk,
        dedupe_key=dedupe_key,
        kind=_kind(dedupe_key),
        thread=thread,
        version=version,
        message_id=f"<{pk}@{domain or host_of(sender)}>",
        sender=sender,
        recipient=recipient,
        subject=subject,
        text=text,
        html=html,
        attachments=[_as_json(file) for file in attachments],
        send_after=send_after,
        next_at=send_after or timezone.now(),
        expires_at=expires_at,
    )
    return _save_once(message)


def _save_once(new: Message) -> Message:
    """Return the message of this key: the new one, or the one that was there."""
    Message.objects.bulk_create([new], ignore_conflicts=True)
    message = Message.objects.get(dedupe_key=new.dedupe_key)
    if message.pk == new.pk:
        # Robust: with the queue down the event still stands, and the loop sends the message.
        transaction.on_commit(lambda: tasks.request_delivery(message.pk), robust=True)
    return message


def supersede(thread: str, *, kinds: Sequence[str] = (), except_kinds: Sequence[str] = ()) -> int:
    """Newer news: what is still unsent in the thread is not sent any more. Says how many messages that concerns.

    Of these kinds alone, or of all besides some that it says nothing about. One that is being handed over right now
    is marked, stopped if it can be, and never tried again.
    """
    _require_transaction()
    older = Message.objects.in_thread(thread).exclude(kind__in=except_kinds)
    return _supersede(older.filter(kind__in=kinds) if kinds else older)


def resolve_thread(thread: str) -> int:
    """The reader knows by another way: what did not arrive is nobody's worry any more."""
    _require_transaction()
    lost = Message.objects.in_thread(thread).filter(state__in=UNDELIVERED, resolved_at=None).order_by()
    return lost.update(resolved_at=timezone.now())


def send_again(message: Message, *, recipient: str, event_id: object) -> bool:
    """What was lost goes once more, as it was, to an address that may be another now.

    False where somebody has seen to it, or where it comes too late.
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
    )
    return True


def mark_resolved(message: Message) -> bool:
    """What was lost is nobody's worry any more. False where it is none already."""
    _require_transaction()
    lost = Message.objects.filter(pk=message.pk, state__in=UNDELIVERED, resolved_at=None)
    return bool(lost.update(resolved_at=timezone.now()))


def record_bounce(message_id: str) -> bool:
    """The mail service says that this message came back. Says whether it was one of ours that was under way."""
    with transaction.atomic():
        held = (
            Message.objects.select_for_update(no_key=True).filter(message_id=message_id).exclude(state__in=FINAL_STATES)
        )
        message = held.first()
        if message is None:
            return False
        message.state = State.BOUNCED
        message.lease_token = message.lease_until = None
        message.save(update_fields=["state", "lease_token", "lease_until"])
        Attempt.objects.create(message=message, number=message.attempts, step=Step.BOUNCED)
    return True


def erase_thread(thread: str) -> int:
    """Erase what the messages of the thread say, and to whom. That they were written and sent stays."""
    _require_transaction()
    messages = Message.objects.in_thread(thread)
    _supersede(messages)
    held = list(messages.select_for_update(no_key=True))
    for message in held:
        message.recipient = message.subject = message.text = message.html = ""
        message.attachments = []
        message.save(update_fields=["recipient", "subject", "text", "html", "attachments"])
    return len(held)


def _supersede(messages: MessageQuerySet) -> int:
    # One statement, so that a message cannot slip from one state to another between two.
    in_hand = When(state=State.SENDING, then=Value(State.SENDING))
    unsent = messages.unsent().order_by()
    return unsent.update(state=Case(in_hand, default=Value(State.SUPERSEDED)), superseded_at=timezone.now())


def _require_transaction() -> None:
    if not connection.in_atomic_block:
        raise RuntimeError("A message is written in the transaction of the event it speaks of.")


def _check_headers(*values: str) -> None:
    # Never repeat the value: this may end in a log.
    if any(not value.isprintable() for value in values):
        raise BadHeaderError("A header holds a line break or another control character.")


def _kind(dedupe_key: str) -> str:
    """The third part: what kind of news it is."""
    parts = dedupe_key.split(":")
    if len(parts) < 3:
        raise ValueError("A dedupe key reads <what>:<id>:<kind>:….")
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
