"""Actions that record when officers are on duty: a weekly pattern, and single days with who set them and when."""

import datetime
from collections.abc import Collection, Mapping
from dataclasses import dataclass

from django.db import transaction
from django.utils import timezone

from boroughs.models.officers import Officer
from walkandtalk.lib.errors import require
from walks.locks import lock_officers
from walks.models.duties import DutyDay, WeeklyDuty
from walks.permissions import can_set_duty
from walks.planning.availability import DutyTimes
from walks.statuses import DutyKind


@dataclass(frozen=True, kw_only=True)
class DutyEntry:
    """The duty of one officer on one day. With no kind, the weekly pattern applies again."""

    officer: Officer
    date: datetime.date
    kind: DutyKind | None
    times: DutyTimes | None = None


@transaction.atomic
def set_weekly_duty(officer: Officer, *, by: Officer, week: Mapping[int, DutyTimes]) -> None:
    """Replace the officer's weekly pattern. `week` is keyed by weekday (0 is Monday); a missing day is a day off."""
    lock_officers([officer])
    require(can_set_duty(by, officer))
    WeeklyDuty.objects.filter(officer=officer).delete()
    WeeklyDuty.objects.bulk_create(
        WeeklyDuty(officer=officer, weekday=weekday, start=start, end=end) for weekday, (start, end) in week.items()
    )


@transaction.atomic
def set_duty_days(words: Collection[DutyEntry], *, by: Officer) -> None:
    """Save all entries or none. A new entry for a day replaces the earlier one."""
    officers = {word.officer.pk: word.officer for word in words}
    held = lock_officers(list(officers.values()))
    require(all(can_set_duty(by, officer) for officer in held))
    now = timezone.now()
    rows = [
        DutyDay(
            officer=word.officer,
            date=word.date,
            kind=word.kind,
            start=word.times[0] if word.times else None,
            end=word.times[1] if word.times else None,
            set_by=by,
            set_at=now,
        )
        for word in words
        if word.kind
    ]
    DutyDay.objects.bulk_create(
        rows,
        update_conflicts=True,
        unique_fields=["officer", "date"],
        update_fields=["kind", "start", "end", "set_by", "set_at"],
        batch_size=500,
    )
    for officer in held:
        taken_back = [word.date for word in words if word.kind is None and word.officer == officer]
        DutyDay.objects.filter(officer=officer, date__in=taken_back).delete()
