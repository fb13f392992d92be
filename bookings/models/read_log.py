"""The log of readings of personal details."""

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q
from django.utils import timezone

from accounts.models import LogQuerySet
from bookings.models.bookings import Booking
from bookings.statuses import ReadReason
from boroughs.models.officers import Officer
from walkandtalk.lib.choices import ChoiceField
from walkandtalk.lib.database.append_only import append_only
from walks.models.walks import Walk


class ReadLog(models.Model):
    """What one response showed of one booking, walk or concern: ids and kinds, never content. Rows never change."""

    officer = models.ForeignKey(Officer, on_delete=models.PROTECT, related_name="+")
    # Without constraints: a line outlives what it is about, and a refused action may show a row that it rolls back.
    booking = models.ForeignKey(
        Booking, on_delete=models.DO_NOTHING, db_constraint=False, null=True, related_name="reads"
    )
    walk = models.ForeignKey(Walk, on_delete=models.DO_NOTHING, db_constraint=False, null=True, related_name="+")
    concern_id = models.UUIDField(null=True, help_text="The feedback app is above this one, so this is no foreign key.")
    kinds = ArrayField(models.CharField(max_length=16))
    reason = ChoiceField(max_length=16, choices=ReadReason.choices)
    at = models.DateTimeField(default=timezone.now)
    request_id = models.UUIDField(null=True, help_text="Shared by all lines of one response.")

    objects = LogQuerySet["ReadLog"].as_manager()

    class Meta:
        triggers = append_only()
        # For the auditor's search by day, person, booking, walk and concern, newest first.
        indexes = [
            models.Index(fields=["at"], name="reads_by_time"),
            models.Index(fields=["officer", "at"], name="reads_of_a_person"),
            models.Index(fields=["booking", "at"], name="reads_of_a_booking"),
            models.Index(fields=["concern_id"], condition=Q(concern_id__isnull=False), name="reads_of_a_concern"),
        ]
        constraints = [
            models.CheckConstraint(
                condition=Q(booking__isnull=False, walk=None, concern_id=None)
                | Q(booking=None, walk__isnull=False, concern_id=None)
                | Q(booking=None, walk=None, concern_id__isnull=False),
                name="a_read_log_line_is_about_one_thing",
            )
        ]

    def __str__(self) -> str:
        return f"{', '.join(self.kinds)} {self.at:%Y-%m-%d %H:%M}"
