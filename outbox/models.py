"""Messages: one row each, saved in the transaction of its event. Nothing is sent from anywhere else."""

import uuid
from datetime import datetime, timedelta
from typing import Self

from django.db import models
from django.db.models import Exists, Func, OuterRef, Q, Value
from django.utils import timezone
from django.utils.translation import gettext as _

from outbox.statuses import TO_RESOLVE, UNSENT, WAITING, State, Step
from walkandtalk.lib import london
from walkandtalk.lib.choices import ChoiceField
from walkandtalk.lib.database.restores import IS_COMPLETE
from walkandtalk.lib.fields import EncryptedJSONField, EncryptedTextField

__all__ = ["Attempt", "Heartbeat", "JobRun", "Message", "State", "Step"]


LATE_AFTER = timedelta(minutes=10)


class MessageQuerySet(models.QuerySet["Message"]):
    def in_thread(self, thread: str) -> Self:
        """Return one person's messages about one matter, oldest first."""
        return self.filter(thread=thread).order_by("number")

    def unsent(self) -> Self:
        return self.filter(state__in=UNSENT)

    def due(self, now: datetime) -> Self:
        """Return messages whose time has come. A reminder that isn't due yet holds nothing else up."""
        return self.filter(Q(send_after=None) | Q(send_after__lte=now))

    def undelivered(self, now: datetime) -> Self:
        """Return unresolved messages that have not arrived. A newer message that was sent makes up for them."""
        lost = Q(state__in=TO_RESOLVE, resolved_at=None)
        on_its_way = Q(state__in=UNSENT) & (Q(send_after=None) | Q(send_after__lte=now))
        newer = Message.objects.filter(thread=OuterRef("thread"), number__gt=OuterRef("number"), state=State.SENT)
        return self.filter(lost | on_its_way, superseded_at=None).exclude(Exists(newer))

    def claimable(self, now: datetime) -> Self:
        """Return messages that may be sent now: not expired, not claimed, and the oldest due in their thread.

        A newer message waits for an older one that is held, because a message must never overtake another.
        In a restored database there are none.
        """
        waiting = Q(state__in=WAITING, next_at__lte=now)
        abandoned = Q(state=State.SENDING, lease_until__lt=now, superseded_at=None)
        of_use = Q(expires_at=None) | Q(expires_at__gt=now)
        comes_first = Q(send_after=None) | Q(send_after__lte=now) | Q(is_held=True)
        older = Message.objects.unsent().filter(comes_first, thread=OuterRef("thread"), number__lt=OuterRef("number"))
        return self.unsent().filter(IS_COMPLETE, waiting | abandoned, of_use).exclude(Exists(older)).order_by("number")


class Message(models.Model):
    """An email to one person, rendered once. Every attempt sends the same bytes under the same Message-ID."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    # The order in which messages were created, whatever the clocks of our machines say.
    number = models.BigIntegerField(
        db_default=Func(Value("outbox_message_number"), function="nextval", output_field=models.BigIntegerField()),
        unique=True,
        editable=False,
    )
    dedupe_key = models.CharField(max_length=200, unique=True)
    kind = models.CharField(max_length=60)
    thread = models.CharField(max_length=120)
    version = models.PositiveIntegerField(default=0)
    message_id = models.CharField(max_length=255, unique=True)
    request_id = models.UUIDField(null=True, help_text="The request that queued it, for finding its lines in the log.")

    sender = models.CharField(max_length=255)
    recipient = EncryptedTextField()
    subject = EncryptedTextField()
    text = EncryptedTextField()
    html = EncryptedTextField(blank=True)
    attachments = EncryptedJSONField(default=list, blank=True)
    unsubscribe_url = EncryptedTextField(
        null=True, help_text="Where one POST stops messages of this kind. An email program offers it as a button."
    )

    state = ChoiceField(max_length=10, choices=State, default=State.PENDING)
    attempts = models.PositiveSmallIntegerField(default=0)
    created_at = models.DateTimeField(default=timezone.now)
    send_after = models.DateTimeField(null=True, blank=True)
    is_held = models.BooleanField(
        default=False, help_text="Held until `send_after`, so that the decision it tells of can be undone."
    )
    next_at = models.DateTimeField(default=timezone.now)
    lease_until = models.DateTimeField(null=True, blank=True)
    lease_token = models.UUIDField(null=True, blank=True)
    last_code = models.PositiveSmallIntegerField(null=True, blank=True)
    sent_at = models.DateTimeField(null=True, blank=True)
    superseded_at = models.DateTimeField(null=True, blank=True)
    resolved_at = models.DateTimeField(
        null=True, blank=True, help_text="When someone made sure that the reader knows, because this did not arrive."
    )
    expires_at = models.DateTimeField(null=True, blank=True)

    objects = MessageQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                name="one_message_of_a_thread_is_sent_at_a_time", fields=["thread"], condition=Q(state="sending")
            ),
            models.CheckConstraint(
                name="a_message_being_sent_has_a_lease",
                condition=~Q(state="sending") | Q(lease_until__isnull=False, lease_token__isnull=False),
            ),
            models.CheckConstraint(
                name="a_sent_message_says_when", condition=~Q(state="sent") | Q(sent_at__isnull=False)
            ),
        ]
        indexes = [
            models.Index(fields=["thread", "number"], name="message_thread"),
            models.Index(fields=["created_at"], name="messages_by_time"),  # for their deletion
            models.Index(fields=["number"], name="message_unsent", condition=Q(state__in=UNSENT)),
            models.Index(
                fields=["number"],
                name="message_undelivered",
                condition=Q(state__in=TO_RESOLVE, resolved_at__isnull=True),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.dedupe_key} ({self.state})"

    def is_undelivered_or_late(self, now: datetime) -> bool:
        """Return whether someone must follow it up: it did not arrive, or has been waiting for ten minutes."""
        return self.state in TO_RESOLVE or (self.send_after or self.created_at) <= now - LATE_AFTER

    @property
    def state_for_requester(self) -> str:
        """Return the state in words for the requester's page. Never "received", because we cannot know that."""
        match self.state:
            case State.SENT if self.sent_at:
                return _("sent at %(time)s") % {"time": _moment(self.sent_at)}
            case State.FAILED:
                return _("couldn’t be delivered: is the address right?")
            case State.BOUNCED:
                return _("came back: is this address right?")
            case State.EXPIRED:
                return _("couldn’t be sent in time")
            case State.SUPERSEDED:
                return _("replaced by a newer message")
            case State.UNDONE:
                return _("not sent")
            case State.REVIEW:
                return _("perhaps not sent, so your team is checking")
            case State.RETRY:
                return _("not sent yet, but we’re trying again")
            case _:
                return _("waiting to be sent")


class Attempt(models.Model):
    """One step of an attempt to send. Rows are only added, and `started` is saved before a connection is opened."""

    message = models.ForeignKey(Message, on_delete=models.CASCADE, related_name="log")
    number = models.PositiveSmallIntegerField()
    step = ChoiceField(max_length=12, choices=Step)
    code = models.PositiveSmallIntegerField(null=True, blank=True)
    at = models.DateTimeField(default=timezone.now)

    class Meta:
        constraints = [
            models.UniqueConstraint(name="each_step_of_an_attempt_once", fields=["message", "number", "step"]),
        ]
        indexes = [
            models.Index(fields=["at"], name="attempts_started", condition=Q(step="started")),  # for EMAIL_PER_MINUTE
        ]

    def __str__(self) -> str:
        return f"{self.number}: {self.step}"


class Heartbeat(models.Model):
    """The time at which a background process was last alive."""

    name = models.CharField(max_length=40, primary_key=True)
    at = models.DateTimeField()

    def __str__(self) -> str:
        return self.name


class JobRun(models.Model):
    """When a job last succeeded, in any process, and how often it has failed."""

    job = models.CharField(max_length=100, primary_key=True)
    succeeded_at = models.DateTimeField(null=True)
    failed_at = models.DateTimeField(null=True)
    failures = models.PositiveIntegerField(default=0)

    def __str__(self) -> str:
        return self.job


def _moment(instant: datetime) -> str:
    """Return the time, with the day if it is not today."""
    day = london.local(instant).date()
    time = london.clock(instant)
    if day == london.today():
        return time
    return _("%(time)s on %(day)s") % {"time": time, "day": london.long_date(day)}
