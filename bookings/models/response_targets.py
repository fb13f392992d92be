"""When a booking was first to be read and answered, and when it was."""

from django.db import models
from django.db.models import Q


class ResponseTarget(models.Model):
    """The first reading and the first answer of a booking, which the figures count, and the alerts about its answer.

    One row a booking, made with it. The answer that is due now is `Booking.answer_due_at`: the queue is ordered by it.
    """

    booking = models.OneToOneField(
        "bookings.Booking", on_delete=models.CASCADE, primary_key=True, related_name="response_target"
    )
    first_answer_due_at = models.DateTimeField(null=True, help_text="Empty where no first answer was due.")
    first_answered_at = models.DateTimeField(null=True)
    first_read_due_at = models.DateTimeField(null=True, help_text="The end of the next working day.")
    first_read_at = models.DateTimeField(null=True, help_text="Later readings are in the read log.")
    at_risk_alerted_for = models.DateTimeField(
        null=True, help_text="The due time about which the team was last told that it is at risk."
    )
    late_alerted_for = models.DateTimeField(
        null=True, help_text="The due time about which the team was last told that it has passed."
    )

    class Meta:
        # For the figures: each counts what happened in a period.
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
