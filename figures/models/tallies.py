"""Tallies that a job counts every ten minutes, so that a page doesn't count the bookings of a year."""

from typing import TYPE_CHECKING, Self

from django.db import models

from boroughs.models.bcus import BoroughCommandUnit
from boroughs.models.officers import Officer

if TYPE_CHECKING:
    from django.contrib.auth.models import AnonymousUser


class StoredTallyQuerySet(models.QuerySet["StoredTally"]):
    def in_figures_for(self, user: "Officer | AnonymousUser") -> Self:
        """Return the tallies behind the user's figures: those of an inspector's BCU, or all for a lead."""
        if not isinstance(user, Officer) or not user.is_active:
            return self.none()
        if user.role == Officer.Role.LEAD:
            return self.all()
        is_inspector = user.role == Officer.Role.INSPECTOR and user.bcu_id
        return self.filter(bcu=user.bcu_id) if is_inspector else self.none()


class StoredTally(models.Model):
    """The counts of one BCU in one period. Nothing points to a booking. See `figures.counting.Tally` for each count.

    docs/decisions/figures.md
    """

    period = models.CharField(max_length=7, help_text="Days, such as 28, or a month, such as 2026-11.")
    bcu = models.ForeignKey(
        BoroughCommandUnit,
        on_delete=models.CASCADE,
        null=True,
        related_name="+",
        help_text="Without one, it is of all of London.",
    )
    counted_at = models.DateTimeField()
    requested = models.PositiveIntegerField()
    not_mine = models.PositiveIntegerField()
    read_due = models.PositiveIntegerField()
    read_in_time = models.PositiveIntegerField()
    answers = models.PositiveIntegerField()
    median = models.DurationField(null=True)
    percentile_90 = models.DurationField(null=True)
    due = models.PositiveIntegerField()
    in_time = models.PositiveIntegerField()
    declined = models.PositiveIntegerField()
    times_passed = models.PositiveIntegerField()
    planned = models.PositiveIntegerField()
    walked = models.PositiveIntegerField()
    cancelled_by_us = models.PositiveIntegerField()
    officers_not_there = models.PositiveIntegerField()
    delivery_problems = models.PositiveIntegerField()

    objects = StoredTallyQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["period", "bcu"], nulls_distinct=False, name="one_tally_for_each_period_and_bcu"
            )
        ]

    def __str__(self) -> str:
        return f"{self.period} {self.bcu_id or 'London'}"
