"""The 12 Borough Command Units, with their boroughs and wards."""

import datetime
import re
from typing import Any

from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.validators import MaxValueValidator, MinValueValidator, RegexValidator
from django.db import models
from django.db.models import F, Q

from boroughs.placeholders import is_reachable
from walkandtalk.lib import london
from walkandtalk.lib.choices import ChoiceField


class NewRequestMail(models.TextChoices):
    """When a team's inbox hears of new requests."""

    EACH = "each", "One email for each request"
    HOURLY = "hourly", "One email an hour, with their number"


class DialledNumberField(models.CharField):  # type: ignore[type-arg]
    """A number that people dial. Brackets, dots and hyphens become spaces, because links leave out spaces."""

    default_validators = [
        RegexValidator(r"^\+?[0-9](?: ?[0-9]){2,}$", "Enter a number that people can dial, like 020 7946 0101.")
    ]

    def to_python(self, value: Any) -> Any:
        text = super().to_python(value)
        return text and " ".join(re.sub(r"[().‐‑–-]", " ", text).split())


class BoroughCommandUnit(models.Model):
    """One of the 12 Borough Command Units, with the rules for its own walks."""

    code = models.CharField(max_length=2, unique=True)
    name = models.CharField(max_length=60)
    slug = models.SlugField(
        unique=True,
        help_text="Part of the address printed on posters. If you change it, posters that already hang stop working.",
    )
    notice_days = models.PositiveSmallIntegerField(
        default=5, help_text="Days between the request and the first date a woman may choose."
    )
    interpreter_notice_days = models.PositiveSmallIntegerField(
        default=21, help_text="The same for a walk with an interpreter, including British Sign Language."
    )
    horizon_days = models.PositiveSmallIntegerField(
        default=56, help_text="Days from the request to the last date a woman may choose."
    )
    earliest = models.TimeField(
        default=datetime.time(7), help_text="The earliest time at which a walk may start, London time."
    )
    latest = models.TimeField(
        default=datetime.time(22), help_text="The latest time at which a walk may start, London time."
    )
    walk_minutes = models.PositiveSmallIntegerField("length of a walk", default=60, help_text="In minutes.")
    gap_minutes = models.PositiveSmallIntegerField(
        "gap after a walk",
        default=30,
        help_text="Minutes that an officer is kept free after a walk, to travel and write notes.",
    )
    min_officers = models.PositiveSmallIntegerField(
        "least officers on a walk", default=2, validators=[MinValueValidator(1)]
    )
    max_companions = models.PositiveSmallIntegerField(
        "most people a woman may bring",
        default=2,
        validators=[MaxValueValidator(6)],
        help_text="Each must be 18 or over. With 0 nobody may come along.",
    )
    walk_capacity = models.PositiveSmallIntegerField(
        "most women on a walk",
        default=4,
        validators=[MinValueValidator(1), MaxValueValidator(12)],
        help_text="A woman joins only if she and everyone on the walk agree. With 1 no walk is shared.",
    )
    accepts_16_17 = models.BooleanField(
        "accepts girls of 16 and 17",
        default=False,
        help_text="Only with a parent, adult sister or guardian.",
    )
    offers_recurring_walks = models.BooleanField(
        "offers its recurring walks in the request form",
        default=False,
        help_text="Anyone can then read the day, the part of the day and the area of each, and nothing else.",
    )
    answer_working_days = models.PositiveSmallIntegerField(
        default=3, help_text="Working days within which we promise an answer."
    )
    inbox = models.EmailField("team inbox", help_text="The address for messages to the team.")
    new_request_mail = ChoiceField(
        "email about new requests",
        max_length=8,
        choices=NewRequestMail.choices,
        default=NewRequestMail.EACH,
        help_text="A request that must be answered within a day, and everything else that is urgent, comes at once.",
    )
    duty_number = DialledNumberField(
        max_length=30, help_text="Answered from an hour before a walk to an hour after it."
    )
    duty_hours = models.CharField(max_length=80, default="every day, 7am to 11pm")
    text_number = DialledNumberField(
        max_length=30,
        blank=True,
        default="",
        help_text="Only if the team reads text messages in the same hours. Women who can’t speak on the phone see it.",
    )
    nominated_inspector = models.ForeignKey(
        "Officer",
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        related_name="+",
        help_text="The inspector of another BCU who alone decides on requests that women keep from this BCU.",
    )
    closed_from = models.DateField("no walks from", null=True, blank=True)
    closed_until = models.DateField(
        "no walks until",
        null=True,
        blank=True,
        help_text="The last day without walks. Leave it empty for “until further notice”.",
    )
    closed_message = models.CharField(
        "why there are no walks",
        max_length=300,
        blank=True,
        default="",
        help_text="Women read it in the request form and on the area’s page. Write nothing that is not for the public.",
    )

    class Meta:
        verbose_name = "BCU"
        verbose_name_plural = "BCUs"
        constraints = [
            models.CheckConstraint(
                condition=Q(closed_until=None) | Q(closed_from__isnull=False, closed_until__gte=F("closed_from")),
                name="a_closure_begins_before_it_ends",
                violation_error_message="“No walks until” needs “No walks from”, on the same day or before it.",
            )
        ]

    def __str__(self) -> str:
        return f"{self.name} ({self.code})"

    def clean(self) -> None:
        if Borough.objects.filter(slug=self.slug).exists():
            raise ValidationError({"slug": "A borough has this address already."})
        if self.nominated_inspector is not None and not self.nominated_inspector.can_be_nominated_for(self):
            raise ValidationError({"nominated_inspector": "Choose an inspector of another BCU who can sign in."})
        if max(self.notice_days or 0, self.interpreter_notice_days or 0) > (self.horizon_days or 0):
            raise ValidationError({"horizon_days": "With these days of notice there would be no day to choose."})

    @property
    def team_name(self) -> str:
        """The team's name, as requesters read it."""
        return f"{self.name} neighbourhood policing team"

    @property
    def awaits_contacts(self) -> bool:
        """Whether the BCU takes no requests yet, because nobody can reach its team (docs/rules.md#placeholders)."""
        is_reached = is_reachable(inbox=self.inbox, duty_number=self.duty_number)
        return settings.PLACEHOLDERS_CLOSE_BCUS and not is_reached

    def first_date(self, today: datetime.date, *, with_interpreter: bool = False) -> datetime.date:
        """Return the first day a requester may ask for. It is after the last day if she may ask for none."""
        if self.awaits_contacts:
            return self.last_date(today) + datetime.timedelta(days=1)
        days = max(self.notice_days, self.interpreter_notice_days) if with_interpreter else self.notice_days
        first = today + datetime.timedelta(days=days)
        if not self.is_closed(first):
            return first
        return (self.closed_until or max(first, self.last_date(today))) + datetime.timedelta(days=1)

    def last_date(self, today: datetime.date) -> datetime.date:
        return today + datetime.timedelta(days=self.horizon_days)

    def is_closed(self, day: datetime.date) -> bool:
        """Return whether there are no walks on that day."""
        if self.awaits_contacts:
            return True
        has_started = self.closed_from is not None and self.closed_from <= day
        return has_started and (self.closed_until is None or day <= self.closed_until)

    def closes_soon(self, today: datetime.date) -> bool:
        """Return whether there is a day without walks between today and the last day a requester may ask for."""
        if self.awaits_contacts:
            return True
        begins = self.closed_from is not None and self.closed_from <= self.last_date(today)
        return begins and (self.closed_until is None or self.closed_until >= today)

    def takes(
        self, day: datetime.date, start: datetime.time, *, today: datetime.date, with_interpreter: bool = False
    ) -> bool:
        """Return whether a requester may ask today for that date and start."""
        first_day, last_day = self.first_date(today, with_interpreter=with_interpreter), self.last_date(today)
        return first_day <= day <= last_day and not self.is_closed(day) and self.earliest <= start <= self.latest

    def answer_due_at(self, asked_at: datetime.datetime, walk_needed_at: datetime.datetime) -> datetime.datetime:
        """Return when our answer is due: after this BCU's working days, or 48 hours before the first preferred time.

        docs/rules.md#the-promise-of-an-answer
        """
        last_day = london.add_working_days(london.local(asked_at).date(), self.answer_working_days)
        end_of_last_day = london.to_instant(last_day, datetime.time(17))
        before_her_walk = walk_needed_at - datetime.timedelta(hours=48)
        if before_her_walk <= asked_at:  # a phone booking for a time so soon leaves us half of the remaining time
            before_her_walk = asked_at + (walk_needed_at - asked_at) / 2
        return min(end_of_last_day, before_her_walk)


class Borough(models.Model):
    """One of the 32 boroughs, or the City of London, which has no BCU because another force polices it."""

    gss = models.CharField("ONS code", max_length=9, unique=True)
    slug = models.SlugField(unique=True)
    name = models.CharField(max_length=60)
    bcu = models.ForeignKey(
        BoroughCommandUnit,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="boroughs",
        verbose_name="BCU",
    )
    force = models.CharField(max_length=80, default="Metropolitan Police Service")

    def __str__(self) -> str:
        return self.name


class Ward(models.Model):
    gss = models.CharField("ONS code", max_length=9, unique=True)
    name = models.CharField(max_length=80)
    former_name = models.CharField(max_length=80, blank=True)
    borough = models.ForeignKey(Borough, on_delete=models.PROTECT, related_name="wards")

    def __str__(self) -> str:
        return self.name
