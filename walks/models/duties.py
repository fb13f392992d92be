"""The times when officers are on duty, as far as they have been entered (docs/decisions/duty.md)."""

from django.core.validators import MaxValueValidator
from django.db import models
from django.db.models import F, Q
from django.utils import timezone

from boroughs.models.officers import Officer
from walkandtalk.lib.choices import ChoiceField
from walks.statuses import DutyKind


class WeeklyDuty(models.Model):
    """An officer's duty on one weekday, in London time. An end earlier than the start is the next morning."""

    officer = models.ForeignKey(Officer, on_delete=models.CASCADE, related_name="weekly_duties")
    weekday = models.PositiveSmallIntegerField(validators=[MaxValueValidator(6)], help_text="0 is Monday.")
    start = models.TimeField()
    end = models.TimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["officer", "weekday"], name="one_weekly_duty_an_officer_and_weekday"),
            models.CheckConstraint(condition=Q(weekday__lte=6), name="weekday_of_a_duty_is_one_of_seven"),
            models.CheckConstraint(condition=~Q(start=F("end")), name="weekly_duty_has_a_length"),
        ]

    def __str__(self) -> str:
        return f"{self.officer_id} {self.weekday}"


class DutyDay(models.Model):
    """An officer's duty on one date in London. It overrides the weekly pattern."""

    officer = models.ForeignKey(Officer, on_delete=models.CASCADE, related_name="duty_days")
    date = models.DateField()
    kind = ChoiceField(max_length=5, choices=DutyKind.choices)
    start = models.TimeField(null=True)
    end = models.TimeField(null=True)
    set_by = models.ForeignKey(Officer, on_delete=models.PROTECT, related_name="+")
    set_at = models.DateTimeField(default=timezone.now)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["officer", "date"], name="one_word_an_officer_and_day"),
            models.CheckConstraint(
                condition=Q(kind=DutyKind.ON, start__isnull=False, end__isnull=False)
                | (~Q(kind=DutyKind.ON) & Q(start=None, end=None)),
                name="only_a_duty_has_a_start_and_an_end",
            ),
            models.CheckConstraint(condition=Q(start=None) | ~Q(start=F("end")), name="duty_of_a_day_has_a_length"),
        ]

    def __str__(self) -> str:
        return f"{self.officer_id} {self.date} {self.kind}"
