"""The duties of a demo team, and whom its inspector would choose for a walk."""

import datetime
from collections import Counter

from boroughs.models.officers import Officer
from devtools.demo.people import Team
from walkandtalk.lib import london
from walks.duties.actions import set_duty_days, set_weekly_duty
from walks.duties.entries import DutyEntry
from walks.models.walks import Walk
from walks.planning.availability import DutyTimes, TeamAvailability
from walks.statuses import DutyKind

EARLY: DutyTimes = (datetime.time(7), datetime.time(15))
LATE: DutyTimes = (datetime.time(14), datetime.time(22, 30))
ON_LEAVE = 3
"""The place of the officer who is on leave next week."""


class Roster:
    """Enters the duties of a team, and shares its walks among the officers who are on duty and free."""

    def __init__(self, team: Team) -> None:
        self.team = team
        self.walks: Counter[int] = Counter()

    def enter_duties(self) -> None:
        """Give every fourth officer an early turn and the others a late one, each with two days off a week."""
        inspector = self.team.inspectors[0]
        for place, officer in enumerate(self.team.officers):
            set_weekly_duty(officer, by=inspector, week=_week(place))
        away, today = self.team.officers[ON_LEAVE], london.today()
        days = [today + datetime.timedelta(days=ahead) for ahead in range(3, 8)]
        set_duty_days([DutyEntry(officer=away, date=day, kind=DutyKind.LEAVE) for day in days], by=inspector)

    def choose(self, start_at: datetime.datetime) -> list[Officer]:
        """Return as many officers as a walk needs: on duty if possible, and those with the fewest walks first."""
        bcu, day = self.team.bcu, london.local(start_at).date()
        walk = Walk(bcu=bcu, start_at=start_at, minutes=bcu.walk_minutes)
        available = TeamAvailability.load(self.team.officers, day, day)
        span = (walk.start_at, walk.end_at)
        free = [officer for officer in self.team.officers if available.is_free(officer.pk, walk.period())]
        free.sort(key=lambda officer: (available.at(officer.pk, span), self.walks[officer.pk]))
        chosen = free[: bcu.min_officers]
        self.walks.update(officer.pk for officer in chosen)
        return chosen


def _week(place: int) -> dict[int, DutyTimes]:
    """Return the weekly pattern. The first officers are on duty today, whatever day it is."""
    first_day_off = london.today().weekday() + 2 + place // 2 * 2
    days_off = {first_day_off % 7, (first_day_off + 1) % 7}
    times = EARLY if place % 4 == 3 else LATE
    return {weekday: times for weekday in range(7) if weekday not in days_off}
