"""Approvals: a second inspector agrees before a colleague changes how the requester is reached."""

import datetime
from typing import Self
from uuid import uuid4

from django.db import models
from django.db.models import Q
from django.utils import timezone

from bookings.models.bookings import Booking
from bookings.statuses import ContactMethod, EventKind
from boroughs.models.officers import Officer
from walkandtalk.lib.choices import ChoiceField
from walkandtalk.lib.fields import EncryptedTextField
from walkandtalk.lib.reading import Opened

APPROVAL_LIFETIME = datetime.timedelta(hours=1)
"""For how long a request waits for the second inspector, and how long her agreement can be used."""


class ApprovalQuerySet(models.QuerySet["Approval"]):
    def pending(self, now: datetime.datetime) -> Self:
        """Return the requests that a second inspector can still agree to."""
        return self.filter(approved_at=None, requested_at__gt=now - APPROVAL_LIFETIME, booking__erased_at=None)

    def usable(self, now: datetime.datetime) -> Self:
        """Return the approvals with which the first inspector can still act."""
        return self.filter(approved_at__gt=now - APPROVAL_LIFETIME, used_at=None)

    def visible_to(self, user: Officer) -> Self:
        """Return the requests that this inspector can agree to: never her own.

        They are her colleagues' requests, and those about bookings of BCUs for which she is the nominated inspector,
        because a team may have nobody else on duty. She reads no more than the reference, and nothing of a booking that
        is kept from her BCU, or whose requester asked us to delete her details.
        """
        if user.role != Officer.Role.INSPECTOR or not user.is_active or user.bcu_id is None:
            return self.none()
        elsewhere = Q(booking__bcu__nominated_inspector=user) & ~Q(booking__bcu=user.bcu_id)
        kept_from_her = Q(booking__nominated_inspector__isnull=False, booking__bcu=user.bcu_id)
        of_a_colleague = Q(requested_by__bcu=user.bcu_id) & ~kept_from_her
        others = self.filter(booking__erasure_due_at=None).exclude(requested_by=user)
        return others.filter(of_a_colleague | elsewhere | Q(booking__nominated_inspector=user))


class Approval(models.Model):
    """One act for which a second inspector is asked: her agreement is used once, by the inspector who asked."""

    uuid = models.UUIDField(primary_key=True, default=uuid4, editable=False)
    booking = models.ForeignKey(Booking, on_delete=models.CASCADE, related_name="approvals")
    act = ChoiceField(max_length=32, choices=EventKind.choices)
    method = ChoiceField(max_length=12, choices=ContactMethod.choices)
    place = EncryptedTextField(default="", help_text="Where the inspector met the requester, if she did.")
    email = EncryptedTextField(default="", help_text="The new address, if the act is a correction.")
    requested_by = models.ForeignKey(Officer, on_delete=models.PROTECT, related_name="+")
    requested_at = models.DateTimeField(default=timezone.now, db_index=True)
    approved_by = models.ForeignKey(Officer, on_delete=models.PROTECT, null=True, related_name="+")
    approved_at = models.DateTimeField(null=True)
    used_at = models.DateTimeField(null=True)

    objects = ApprovalQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(approved_by=None) | ~Q(approved_by=models.F("requested_by")),
                name="nobody_approves_her_own_act",
            ),
            models.CheckConstraint(
                condition=Q(used_at=None) | Q(approved_at__isnull=False), name="only_an_approved_act_is_used"
            ),
        ]

    def __str__(self) -> str:
        return str(self.uuid)

    @property
    def details_opened(self) -> Opened:
        return Opened("approval", "booking", self.booking_id)

    def is_pending(self, now: datetime.datetime) -> bool:
        """Return whether a second inspector can still agree."""
        return self.approved_at is None and self.requested_at > now - APPROVAL_LIFETIME
