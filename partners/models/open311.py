"""Our requests to a partner's Open311 server, one row each, and the partner's news of them."""

from datetime import datetime, timedelta
from typing import Self
from uuid import uuid4

from django.db import models
from django.db.models import F, Q
from django.utils import timezone

from partners.models.partners import LONGEST_CODE, Partner
from partners.statuses import REMOTE_CLOSED, UNSENT, RequestStatus
from walkandtalk.lib.choices import ChoiceField
from walkandtalk.lib.fields import EncryptedJSONField, EncryptedTextField

POLL_EVERY = timedelta(hours=6)
LONGEST_ID = 200
LONGEST_STATUS = 40


class Open311RequestQuerySet(models.QuerySet["Open311Request"]):
    def claimable(self, now: datetime) -> Self:
        """Return those that may be sent now, oldest first: due, or left behind by a sender that died."""
        due = Q(status=RequestStatus.WAITING, next_at__lte=now)
        abandoned = Q(status=RequestStatus.SENDING, lease_until__lt=now)
        return self.filter(due | abandoned, cancelled_at=None).order_by("created_at", "pk")

    def pollable(self, now: datetime) -> Self:
        """Return those whose partner may have news, the longest unasked first. Closed ones have none."""
        is_known = ~Q(service_request_id="") | ~Q(token="")
        not_lately = Q(polled_at=None) | Q(polled_at__lte=now - POLL_EVERY)
        rows = self.filter(is_known, not_lately, status=RequestStatus.SENT, cancelled_at=None)
        rows = rows.exclude(remote_status=REMOTE_CLOSED)
        return rows.order_by(F("polled_at").asc(nulls_first=True), "pk")

    def with_news(self) -> Self:
        """Return those of which something changed that nobody has taken yet, the oldest news first."""
        return self.filter(Q(handled_at=None) | Q(handled_at__lt=F("news_at")), news_at__isnull=False).order_by(
            "news_at", "pk"
        )


class Open311Request(models.Model):
    """One place that we ask a partner to change. It names no person. Feedback finds it by our reference."""

    id = models.UUIDField(primary_key=True, default=uuid4, editable=False)
    partner = models.ForeignKey(Partner, on_delete=models.PROTECT, related_name="open311_requests")
    reference = models.CharField(max_length=40, unique=True)
    service_code = models.CharField(max_length=LONGEST_CODE)
    map_point = EncryptedJSONField(help_text="Latitude and longitude.")
    description = EncryptedTextField()
    lamp_number = EncryptedTextField(blank=True, default="")

    status = ChoiceField(max_length=7, choices=RequestStatus.choices, default=RequestStatus.WAITING)
    created_at = models.DateTimeField(default=timezone.now)
    attempts = models.PositiveSmallIntegerField(default=0)
    next_at = models.DateTimeField(default=timezone.now)
    lease_until = models.DateTimeField(null=True)
    lease_token = models.UUIDField(null=True)
    may_have_arrived = models.BooleanField(
        default=False, help_text="Set after an attempt without an answer: from then on we ask before we send."
    )
    last_code = models.PositiveSmallIntegerField(null=True)
    cancelled_at = models.DateTimeField(
        null=True, help_text="When we no longer needed it, before it was sent. No attempt begins after that."
    )

    service_request_id = models.CharField(max_length=LONGEST_ID, blank=True, default="")
    token = models.CharField(max_length=LONGEST_ID, blank=True, default="")
    remote_status = models.CharField(max_length=LONGEST_STATUS, blank=True, default="")
    remote_notes = EncryptedTextField(blank=True, default="")
    polled_at = models.DateTimeField(null=True)
    news_at = models.DateTimeField(
        null=True, help_text="When it was sent, failed, or the partner’s status or notes last changed."
    )
    handled_at = models.DateTimeField(null=True, help_text="When feedback took the news.")

    objects = Open311RequestQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="an_open311_request_being_sent_has_a_lease",
                condition=~Q(status="sending") | Q(lease_until__isnull=False, lease_token__isnull=False),
            ),
        ]
        indexes = [
            models.Index(
                fields=["created_at"], name="open311_unsent", condition=Q(status__in=UNSENT, cancelled_at=None)
            ),
            models.Index(
                fields=["polled_at"],
                name="open311_open",
                condition=Q(status="sent") & ~Q(remote_status=REMOTE_CLOSED),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.reference} ({self.status})"
