"""The published numbers of a quarter."""

import datetime
from typing import Self

from django.db import models
from django.utils import timezone

from figures.periods import Quarter
from walkandtalk.lib import london
from walkandtalk.lib.database.append_only import kept_for_good


class SnapshotQuerySet(models.QuerySet["Snapshot"]):
    def newest_first(self) -> Self:
        return self.order_by("-first_day")

    def newest(self) -> "Snapshot | None":
        return self.newest_first().first()

    def of(self, quarter: Quarter) -> Self:
        return self.filter(first_day=quarter.first_day)


class Snapshot(models.Model):
    """The published numbers of one quarter. It holds no other number, and never changes.

    docs/rules.md#open-figures
    """

    first_day = models.DateField(unique=True, help_text="The first day of the quarter.")
    made_at = models.DateTimeField(default=timezone.now)
    numbers = models.JSONField(
        help_text="By the code of the area, then by the code of the figure. A number that is not published is null."
    )

    objects = SnapshotQuerySet.as_manager()

    class Meta:
        triggers = kept_for_good()

    def __str__(self) -> str:
        return self.quarter.code

    @property
    def quarter(self) -> Quarter:
        return Quarter(self.first_day)

    def number(self, area: str, figure: str) -> int | None:
        """Return a published number, or None if it is not published or the figure is newer than the snapshot."""
        value: int | None = self.numbers.get(area, {}).get(figure)
        return value

    @property
    def made_on(self) -> datetime.date:
        return london.local(self.made_at).date()


def newest_snapshot() -> Snapshot | None:
    """Return what was published last, which everyone can read."""
    return Snapshot.objects.newest()
