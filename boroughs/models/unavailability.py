"""Entries that an officer is not available for walks (docs/rules.md#not-available)."""

from typing import TYPE_CHECKING, Self

from django.db import models
from django.db.models import Q
from django.utils import timezone

from boroughs.models.officers import Officer, is_auditor

if TYPE_CHECKING:
    from django.contrib.auth.models import AnonymousUser


class UnavailabilityQuerySet(models.QuerySet["Unavailability"]):
    def in_audit_for(self, user: "Officer | AnonymousUser") -> Self:
        """Return what auditors have decided, for an auditor, and nothing for anyone else."""
        return self.filter(is_vetting=True) if is_auditor(user) else self.none()

    def of_the_team(self) -> Self:
        """Return what the officers and their inspectors said."""
        return self.filter(is_vetting=False)


class Unavailability(models.Model):
    """One person's word that an officer can't be given walks. While there is one, `Officer.is_available` is False.

    Pages show only that field, so nobody can tell one person's word from another's, or an auditor's from the team's.
    """

    officer = models.ForeignKey(Officer, on_delete=models.CASCADE, related_name="+")
    by = models.ForeignKey(Officer, on_delete=models.PROTECT, related_name="+")
    is_vetting = models.BooleanField(default=False, help_text="Said by an auditor. Only auditors can end it.")
    at = models.DateTimeField(default=timezone.now)

    objects = UnavailabilityQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["officer", "by"],
                condition=Q(is_vetting=False),
                name="person_says_once_that_an_officer_is_unavailable",
            ),
            models.UniqueConstraint(
                fields=["officer"], condition=Q(is_vetting=True), name="officer_is_kept_off_walks_once"
            ),
        ]

    def __str__(self) -> str:
        return str(self.officer_id)
