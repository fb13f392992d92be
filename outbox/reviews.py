"""Messages that may have been sent between a backup and its restore, until someone decides whether they were."""

from collections import Counter
from collections.abc import Container
from datetime import datetime

from django.db import transaction
from django.db.models import Exists, OuterRef, Q
from django.utils import timezone

from outbox.models import Attempt, Message, MessageQuerySet
from outbox.sending.claims import NO_LEASE
from outbox.sending.reconciliation import AcceptanceAnswer, ask_mail_server
from outbox.statuses import WAITING, State, Step
from walkandtalk.lib.rows import save_changes


def hold_for_review(*, stopped_at: datetime) -> int:
    """Hold the messages that may have been sent by then, although the backup has them as unsent. Return how many."""
    Message.objects.filter(state=State.SENDING, superseded_at__isnull=False).update(state=State.SUPERSEDED, **NO_LEASE)
    was_due = Q(state__in=WAITING, next_at__lte=stopped_at) | Q(state=State.SENDING)
    return Message.objects.filter(was_due).update(state=State.REVIEW, **NO_LEASE)


def messages_in_review() -> MessageQuerySet:
    """Return the messages that nobody has decided on."""
    return Message.objects.filter(state=State.REVIEW, resolved_at=None)


def settle_with_mail_server() -> Counter[AcceptanceAnswer]:
    """Ask the mail server about each message in review, if we can ask it, and believe a clear answer."""
    answers: Counter[AcceptanceAnswer] = Counter()
    for message in messages_in_review().only("message_id").order_by("number"):
        answer = ask_mail_server(message.message_id)
        answers[answer] += 1
        this = Message.objects.filter(pk=message.pk)
        if answer == AcceptanceAnswer.ACCEPTED:
            mark_sent(this, as_found_by=Step.FOUND)
        elif answer == AcceptanceAnswer.NOT_ACCEPTED:
            send_reviewed(this)
    return answers


def settle_with_mail_log(accepted: Container[str]) -> int:
    """Mark those as sent whose Message-ID the mail server's log has. Return how many."""
    ids = messages_in_review().values_list("pk", "message_id")
    found = Message.objects.filter(pk__in=[pk for pk, message_id in ids if message_id in accepted])
    return mark_sent(found, as_found_by=Step.FOUND)


@transaction.atomic
def mark_sent(which: MessageQuerySet, *, as_found_by: Step = Step.SETTLED) -> int:
    """Record that these messages in review were sent before the restore, and who found that out."""
    messages = list(_locked(which))
    for message in messages:
        save_changes(message, state=State.SENT, sent_at=timezone.now())
        Attempt.objects.create(message=message, number=message.attempts, step=as_found_by)
    return len(messages)


@transaction.atomic
def send_reviewed(which: MessageQuerySet) -> int:
    """Let these messages in review be sent, because they weren't before. Newer news that was sent replaces them."""
    newer = Message.objects.filter(thread=OuterRef("thread"), number__gt=OuterRef("number"), state=State.SENT)
    messages = list(_locked(which).annotate(has_newer=Exists(newer)))
    now = timezone.now()
    for message in messages:
        if message.has_newer:  # type: ignore[attr-defined]
            save_changes(message, state=State.SUPERSEDED, superseded_at=now)
        else:
            save_changes(message, state=State.RETRY if message.attempts else State.PENDING, next_at=now)
    return len(messages)


def _locked(which: MessageQuerySet) -> MessageQuerySet:
    in_review = which.filter(state=State.REVIEW, resolved_at=None)
    return in_review.select_for_update(of=("self",), no_key=True).order_by("number")
