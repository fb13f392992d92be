"""Actions that record when officers are on duty: a weekly pattern, and single days with who set them and when."""

from collections.abc import Collection, Mapping

from django.db import transaction
from django.utils import timezone

from boroughs.models.officers import Officer
from walkandtalk.lib.errors import require
from walks.duties.collisions import collisions_with_week
from walks.duties.entries import DutyEntry
from walks.locks import lock_officers
from walks.models.duties import DutyDay, WeeklyDuty
from walks.models.walks import Assignment
from walks.permissions import can_set_duty
from walks.planning.availability import DutyTimes


@transaction.atomic
def set_weekly_duty(officer: Officer, *, by: Officer, week: Mapping[int, DutyTimes]) -> None:
    """Replace the officer's weekly pattern. `week` is keyed by weekday (0 is Monday); a missing day is a day off.

    Mark her on each walk with which the pattern collides, so that it becomes a task of its inspector.
    """
    lock_officers([officer])
    require(can_set_duty(by, officer))
    now = timezone.now()
    walks = [conflict.walk for conflict in collisions_with_week(officer, week, now)]
    Assignment.objects.filter(officer=officer, is_live=True, walk__in=walks).update(pattern_changed_at=now)
    WeeklyDuty.objects.filter(officer=officer).delete()
    WeeklyDuty.objects.bulk_create(
        WeeklyDuty(officer=officer, weekday=weekday, start=start, end=end) for weekday, (start, end) in week.items()
    )


@transaction.atomic
def set_duty_days(entries: Collection[DutyEntry], *, by: Officer) -> None:
    """Save all entries or none. A new entry for a day replaces the earlier one."""
    officers = {entry.officer.pk: entry.officer for entry in entries}
    locked_officers = lock_officers(list(officers.values()))
    require(all(can_set_duty(by, officer) for officer in locked_officers))
    now = timezone.now()
    rows = [
        DutyDay(
            officer=entry.officer,
            date=entry.date,
            kind=entry.kind,
            start=entry.times[0] if entry.times else None,
            end=entry.times[1] if entry.times else None,
            set_by=by,
            set_at=now,
        )
        for entry in entries
        if entry.kind
    ]
    DutyDay.objects.bulk_create(
        rows,
        update_conflicts=True,
        unique_fields=["officer", "date"],
        update_fields=["kind", "start", "end", "set_by", "set_at"],
        batch_size=500,
    )
    for officer in locked_officers:
        removed = [entry.date for entry in entries if entry.kind is None and entry.officer == officer]
        DutyDay.objects.filter(officer=officer, date__in=removed).delete()
