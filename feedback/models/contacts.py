"""How we may write to someone who told us about a place without asking for a walk, and the links in our messages."""

import datetime
import uuid
from typing import Self

from django.conf import settings
from django.db import models
from django.db.models import Exists, OuterRef, Q
from django.utils import timezone
from django.utils.translation import get_language

from bookings.statuses import Channel
from feedback.models.concerns import Concern, Report
from feedback.models.events import ConcernEvent
from feedback.statuses import UNSETTLED_STATES
from walkandtalk.lib import tokens
from walkandtalk.lib.choices import ChoiceField
from walkandtalk.lib.fields import EncryptedTextField
from walkandtalk.lib.keys.keyed_hashes import KeyedHashField

KEEP_CONTACT = datetime.timedelta(days=365)
"""The longest that we keep how to reach her, whatever became of what she told us."""


class ReportContactQuerySet(models.QuerySet["ReportContact"]):
    def due_for_erasure(self, now: datetime.datetime) -> Self:
        """Return contacts a while after the last news of their concerns, or a year after the report."""
        concerns = Concern.objects.filter(report=OuterRef("pk"))
        events = ConcernEvent.objects.filter(concern__report=OuterRef("pk"))
        ended_before = now - datetime.timedelta(days=settings.KEEP_ENDED_DAYS)
        has_ended = ~Exists(concerns.filter(state__in=UNSETTLED_STATES)) & ~Exists(events.filter(at__gt=ended_before))
        return self.filter(Q(report__reported_at__lte=now - KEEP_CONTACT) | has_ended, erased_at=None)


class ReportContact(models.Model):
    """How she hears from us. We ask for no name. If she leaves no address, a reference and a PIN open her page."""

    report = models.OneToOneField(Report, on_delete=models.CASCADE, primary_key=True, related_name="contact")
    reference = models.CharField(
        max_length=13,
        unique=True,
        null=True,
        default=tokens.new_reference,
        editable=False,
        help_text="Empty if erased.",
    )
    channel = ChoiceField(max_length=8, choices=Channel.choices)
    language = models.CharField(max_length=12, blank=True, default=get_language)
    email = EncryptedTextField()
    email_hmac = KeyedHashField(of="email", blank=True, db_index=True)
    pin_hmac = KeyedHashField(purpose="pin", blank=True)
    confirmed_at = models.DateTimeField(null=True, editable=False, help_text="When she said “Yes, this was me”.")
    messages_stopped_at = models.DateTimeField(null=True, editable=False)
    wrong_pins_at = models.DateTimeField(
        null=True, editable=False, help_text="When so many PINs were wrong in one day that the page paused."
    )
    erased_at = models.DateTimeField(null=True, editable=False)

    objects = ReportContactQuerySet.as_manager()
    details_opened = None  # no page of staff reads it

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="a_report_is_read_with_a_pin_unless_its_email_says_all",
                condition=Q(erased_at__isnull=False) | Q(channel=Channel.FULL) | ~Q(pin_hmac=""),
            ),
            models.CheckConstraint(
                name="a_report_contact_has_a_reference_until_it_is_erased",
                condition=Q(erased_at=None, reference__isnull=False) | Q(erased_at__isnull=False, reference=None),
            ),
        ]

    def __str__(self) -> str:
        return str(self.pk)

    @property
    def spoken_reference(self) -> str:
        return tokens.format_reference(self.reference or "")

    @property
    def needs_pin(self) -> bool:
        """Return whether a link alone opens nothing, because someone else may read her email."""
        return self.channel != Channel.FULL

    @property
    def can_be_emailed(self) -> bool:
        return self.channel != Channel.NONE and self.messages_stopped_at is None and self.erased_at is None

    @property
    def kept_until(self) -> datetime.datetime:
        return self.report.reported_at + KEEP_CONTACT


class ReportLinkManager(models.Manager["ReportLink"]):
    def create_token(self, contact: ReportContact, *, expires_at: datetime.datetime, is_emailed: bool = False) -> str:
        """Return a new token that opens the page of this report. Only its hash is saved."""
        token = tokens.new_token()
        self.create(contact=contact, token_hash=tokens.token_hash(token), expires_at=expires_at, is_emailed=is_emailed)
        return token

    def open(self, token: str) -> "ReportLink | None":
        """Return the link of this token, if it is still valid."""
        live = self.filter(token_hash=tokens.token_hash(token), expires_at__gt=timezone.now(), contact__erased_at=None)
        return live.select_related("contact__report__borough__bcu").first()


class ReportLink(models.Model):
    """A link to the page of a report without a walk. Each message has its own, and so has each use of a reference."""

    uuid = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    contact = models.ForeignKey(ReportContact, on_delete=models.CASCADE, related_name="links")
    token_hash = models.CharField(max_length=64, unique=True)
    expires_at = models.DateTimeField()
    is_emailed = models.BooleanField(
        default=False, help_text="Who has it reads the emails to her address. A reference and PIN show nothing of that."
    )

    objects = ReportLinkManager()

    def __str__(self) -> str:
        return str(self.contact_id)
