"""Times for which the page asks once more before a walk is scheduled (docs/rules.md#unusual-times)."""

import datetime
from collections.abc import Collection
from dataclasses import dataclass

from bookings.models.preferred_times import PreferredTime
from boroughs.models.bcus import BoroughCommandUnit
from walkandtalk.lib import london

SOON = datetime.timedelta(hours=24)


@dataclass(frozen=True)
class UnusualTime:
    """A start that needs a second look, with sentences that say why."""

    start_at: datetime.datetime
    reasons: list[str]
    is_asked_for: bool

    @property
    def code(self) -> str:
        """Identify the time to which she agreed, so that a tick never counts for another."""
        return f"{self.start_at:%Y%m%dT%H%MZ}"

    @property
    def question(self) -> str:
        """Return the words beside the box to tick."""
        when = f"{london.short_date(self.start_at)}, {london.clock(self.start_at)}"
        return f"Yes, {when} is right" if self.is_asked_for else f"She agreed to {when}"

    @property
    def warning(self) -> str:
        return " ".join(self.reasons)


def find_unusual(
    start_at: datetime.datetime,
    *,
    asked: Collection[PreferredTime],
    agreed: Collection[datetime.datetime],
    bcu: BoroughCommandUnit,
    now: datetime.datetime,
) -> UnusualTime | None:
    """Return why the time is unusual, or None. `agreed` holds times to which the requester has said yes.

    A time in the past is not unusual: no walk can start then.
    """
    start_at = start_at.astimezone(datetime.UTC)
    local = london.local(start_at)
    date, start = local.date(), local.time()
    is_asked_for = start_at in agreed or any(time.includes(date, start) for time in asked)
    reasons = []
    if not is_asked_for:
        reasons.append(f"She didn’t ask for {london.short_date(start_at)}, {london.clock(start_at)}.")
    if not bcu.earliest <= start <= bcu.latest:
        hours = f"{london.clock(bcu.earliest)} and {london.clock(bcu.latest)}"
        reasons.append(f"Walks of {bcu.name} start between {hours}.")
    if now < start_at <= now + SOON:
        reasons.append("That’s less than 24 hours from now.")
    return UnusualTime(start_at, reasons, is_asked_for) if reasons and start_at > now else None
