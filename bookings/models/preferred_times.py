"""The requester's preferred times."""

from typing import TYPE_CHECKING

from django.db import models

from walkandtalk.lib import london

if TYPE_CHECKING:
    from bookings.models.bookings import Booking


class PreferredTime(models.Model):
    """A date and start, London time, that would suit the requester."""

    booking = models.ForeignKey("bookings.Booking", on_delete=models.CASCADE, related_name="preferred_times")
    round = models.PositiveSmallIntegerField(
        default=1, help_text="1 for the request. Each new set of times is one more."
    )
    rank = models.PositiveSmallIntegerField()
    date = models.DateField()
    start = models.TimeField()

    class Meta:
        ordering = ["-round", "rank"]
        constraints = [
            models.UniqueConstraint(fields=["booking", "round", "rank"], name="one_preferred_time_a_round_and_rank")
        ]

    def __str__(self) -> str:
        return f"{london.long_date(self.date)}, {london.clock(self.start)}"


def previous_preferred_times(booking: "Booking") -> list[PreferredTime]:
    """Return the times that the requester asked for in the previous round. Prefetch `preferred_times` for lists."""
    previous_round = booking.preferred_times_round - 1
    return [
        preferred_time for preferred_time in booking.preferred_times.all() if preferred_time.round == previous_round
    ]
