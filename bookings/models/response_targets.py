"""Response targets: the times by which a booking must first be read and answered, and when it was."""

from django.db import models
from django.db.models import Q


class ResponseTarget(models.Model):
    """A booking's first reading and first answer, for the figures, and the alerts about its answer.

    Each booking has one row, created with it. `Booking.answer_due_at` says when the next answer is due, because it
    orders the queue.
    """

    booking = models.OneToOneField(
        "bookings.Booking", on_delete=models.CASCADE, primary_key=True, related_name="response_target"
    )
    first_answer_due_at = models.DateTimeField(null=True, help_text="Empty if no first answer was due.")
    first_answered_at = models.DateTimeField(null=True)
    first_read_due_at = models.DateTimeField(null=True, help_text="The end of the next working day.")
    first_read_at = models.DateTimeField(null=True, help_text="Later readings are in the read log.")
    at_risk_alerted_for = models.DateTimeField(
        null=True, help_text="The due time in the last alert that our answer is at risk."
    )
    late_alerted_for = models.DateTimeField(
        null=True, help_text="The due time in the last alert that our answer is late."
    )

    class Meta:
        # For the figures, which count what happened in a period.
        indexes = [
            models.Index(
                fields=["first_answered_at"],
                condition=Q(first_answered_at__isnull=False),
                name="targets_by_first_answer",
            ),
            models.Index(
                fields=["first_answer_due_at"],
                condition=Q(first_answer_due_at__isnull=False),
                name="targets_by_first_answer_due",
                include=["first_answered_at"],
            ),
            models.Index(
                fields=["first_read_due_at"],
                condition=Q(first_read_due_at__isnull=False),
                name="targets_by_first_reading",
                include=["first_read_at", "first_answered_at"],
            ),
        ]

    def __str__(self) -> str:
        return str(self.pk)
