"""The requester's preferred times."""

import datetime
from typing import TYPE_CHECKING

from django.db import models
from django.utils.translation import gettext as _

from bookings.statuses import DayPart
from walkandtalk.lib import london
from walkandtalk.lib.choices import ChoiceField

if TYPE_CHECKING:
    from bookings.models.bookings import Booking


NEAR = datetime.timedelta(minutes=60)
NOON = datetime.time(12)


class PreferredTime(models.Model):
    """A date with a start or a part of the day, London time, that would suit the requester."""

    booking = models.ForeignKey("bookings.Booking", on_delete=models.CASCADE, related_name="preferred_times")
    round = models.PositiveSmallIntegerField(
        default=1, help_text="1 for the request. Each new set of times is one more."
    )
    rank = models.PositiveSmallIntegerField()
    date = models.DateField()
    start = models.TimeField(help_text="With a part of the day, the earliest start in it.")
    part = ChoiceField(
        max_length=9, choices=DayPart.choices, blank=True, default="", help_text="Empty if only this start suits her."
    )

    is_regular = models.BooleanField(default=False, help_text="She asked for the recurring walk of that day.")

    class Meta:
        ordering = ["-round", "rank"]
        constraints = [
            models.UniqueConstraint(fields=["booking", "round", "rank"], name="one_preferred_time_a_round_and_rank")
        ]

    def __str__(self) -> str:
        return f"{london.long_date(self.date)}, {start_in_words(self.start, self.part, is_regular=self.is_regular)}"

    @property
    def in_short(self) -> str:
        """The time for a list: "Tue 8 Dec, 6:30pm", or "Tue 8 Dec, evening"."""
        start = str(DayPart(self.part).label).lower() if self.part else london.clock(self.start)
        return f"{london.short_date(self.date)}, {start}"

    @property
    def daylight(self) -> str:
        """Say whether the walk starts in the dark: "Dark, sunset 3:50pm" or "Light until 3:50pm"."""
        sunset = london.clock(london.sunset(self.date))
        try:
            is_dark = london.is_dark(london.to_instant(self.date, self.start))
        except london.AmbiguousOrMissingTime:  # in the hour of a night when the clocks change
            is_dark = True
        if not is_dark:
            return f"Light until {sunset}"
        return "Dark, before sunrise" if self.start < NOON else f"Dark, sunset {sunset}"

    def includes(self, date: datetime.date, start: datetime.time) -> bool:
        """Return whether she asked for a walk at this time, or in a part of the day that it is in."""
        if date != self.date:
            return False
        return self.start <= start <= DayPart(self.part).ends if self.part else start == self.start

    def is_near(self, start: datetime.time) -> bool:
        """Return whether a walk at this time starts within an hour of hers, or in her part of the day."""
        if self.part:
            return self.start <= start <= DayPart(self.part).ends
        day = datetime.date(2000, 1, 1)
        return abs(datetime.datetime.combine(day, self.start) - datetime.datetime.combine(day, start)) <= NEAR


def start_in_words(start: datetime.time, part: str, *, is_regular: bool = False) -> str:
    """Return the start as people say it: "6:30pm", or "evening, 5pm to 8pm"."""
    if not part:
        return london.clock(start)
    if is_regular:
        return _("%(part)s, our regular walk") % {"part": str(DayPart(part).label).lower()}
    hours = {"start": london.clock(start), "end": london.clock(DayPart(part).ends)}
    return f"{str(DayPart(part).label).lower()}, {_('%(start)s to %(end)s') % hours}"


def previous_preferred_times(booking: "Booking") -> list[PreferredTime]:
    """Return the times that the requester asked for in the previous round. Prefetch `preferred_times` for lists."""
    previous_round = booking.preferred_times_round - 1
    return [
        preferred_time for preferred_time in booking.preferred_times.all() if preferred_time.round == previous_round
    ]
