"""Weekly walks, such as "Thursdays at 7pm from Peckham Rye station", and their history."""

import datetime
from collections.abc import Iterator
from functools import cached_property
from typing import TYPE_CHECKING, Self
from uuid import uuid4

from django.db import models
from django.db.models import F, Q
from django.utils import timezone

from boroughs.models.bcus import BoroughCommandUnit
from boroughs.models.officers import Officer
from walkandtalk.lib import london
from walkandtalk.lib.choices import ChoiceField, IntegerChoiceField
from walkandtalk.lib.database.append_only import append_only
from walkandtalk.lib.fields import EncryptedTextField
from walks.statuses import RecurringWalkEventKind

if TYPE_CHECKING:
    from django.contrib.auth.models import AnonymousUser

WEEKDAYS = ["Mondays", "Tuesdays", "Wednesdays", "Thursdays", "Fridays", "Saturdays", "Sundays"]
WEEK = datetime.timedelta(days=7)


class RecurringWalkQuerySet(models.QuerySet["RecurringWalk"]):
    def visible_to(self, user: "Officer | AnonymousUser") -> Self:
        """Return the recurring walks of this inspector's BCU; none for anyone else."""
        if not isinstance(user, Officer) or not user.is_active:
            return self.none()
        if user.role == Officer.Role.INSPECTOR and user.bcu_id:
            return self.filter(bcu=user.bcu_id)
        return self.none()

    def for_list_page(self) -> Self:
        return self.select_related("bcu", "by").prefetch_related("officers").order_by("weekday", "start", "pk")


class RecurringWalk(models.Model):
    """A weekly walk. Each date becomes a walk when it is first offered."""

    uuid = models.UUIDField(primary_key=True, default=uuid4, editable=False)
    bcu = models.ForeignKey(BoroughCommandUnit, on_delete=models.PROTECT, related_name="recurring_walks")
    weekday = IntegerChoiceField(choices=list(enumerate(WEEKDAYS)))
    start = models.TimeField(help_text="London time.")
    minutes = models.PositiveSmallIntegerField()
    area = EncryptedTextField(help_text="Roughly where, as a requester reads it before she accepts.")
    meeting_place = EncryptedTextField()
    finish_place = EncryptedTextField()
    duty_number = models.CharField(max_length=30)
    capacity = models.PositiveSmallIntegerField()
    officers = models.ManyToManyField(Officer, blank=True, related_name="+", help_text="The usual officers.")
    from_date = models.DateField()
    until_date = models.DateField(null=True)
    paused_at = models.DateTimeField(null=True)
    by = models.ForeignKey(
        Officer, on_delete=models.PROTECT, related_name="+", help_text="Who created it or last changed it."
    )
    changed_at = models.DateTimeField(default=timezone.now)

    objects = RecurringWalkQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(weekday__lte=6), name="recurring_walk_is_on_a_weekday"),
            models.CheckConstraint(
                condition=Q(minutes__gte=10, minutes__lte=240), name="recurring_walk_lasts_10_to_240_minutes"
            ),
            models.CheckConstraint(
                condition=Q(capacity__gte=2, capacity__lte=12), name="recurring_walk_takes_2_to_12_women"
            ),
            models.CheckConstraint(
                condition=Q(until_date=None) | Q(until_date__gte=F("from_date")),
                name="recurring_walk_begins_before_it_ends",
            ),
        ]

    def __str__(self) -> str:
        return str(self.uuid)

    @property
    def title(self) -> str:
        """Return a title such as "Thursdays at 7pm from Peckham Rye station"."""
        return f"{WEEKDAYS[self.weekday]} at {london.clock(self.start)} from {self.meeting_place}"

    def record_change(self, note: str, *, by: Officer) -> None:
        event = self.events.create(kind=RecurringWalkEventKind.CHANGED, by=by)
        RecurringWalkEventNote.objects.create(event=event, text=note)

    def start_at(self, date: datetime.date) -> datetime.datetime:
        return london.to_instant(date, self.start)

    def dates(self, first: datetime.date, last: datetime.date) -> Iterator[datetime.date]:
        """Yield its dates from `first` to `last`, without days on which the BCU has no walks."""
        if self.paused_at is not None:
            return
        day = max(first, self.from_date)
        day += datetime.timedelta(days=(self.weekday - day.weekday()) % 7)
        while day <= min(last, self.until_date or last):
            if not self.bcu.is_closed(day):
                yield day
            day += WEEK


class RecurringWalkEvent(models.Model):
    """One line of a recurring walk's history: who created or changed it, and what they changed."""

    uuid = models.UUIDField(primary_key=True, default=uuid4, editable=False)
    recurring_walk = models.ForeignKey(RecurringWalk, on_delete=models.PROTECT, related_name="events")
    kind = ChoiceField(max_length=7, choices=RecurringWalkEventKind.choices)
    by = models.ForeignKey(Officer, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField(default=timezone.now)

    class Meta:
        ordering = ["at", "uuid"]
        triggers = append_only()

    def __str__(self) -> str:
        return str(self.pk)

    @cached_property
    def note(self) -> str:
        written = getattr(self, "written_note", None)
        return written.text if written is not None else ""


class RecurringWalkEventNote(models.Model):
    """The note of an event, in a row of its own, because a row of history can't be encrypted again with a new key."""

    event = models.OneToOneField(
        RecurringWalkEvent, on_delete=models.CASCADE, primary_key=True, related_name="written_note"
    )
    text = EncryptedTextField()

    def __str__(self) -> str:
        return str(self.pk)
