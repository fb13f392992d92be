"""The duty of one officer on one day, as it is entered by form or import."""

import datetime
from dataclasses import dataclass

from boroughs.models.officers import Officer
from walks.planning.availability import DutyTimes
from walks.statuses import DutyKind


@dataclass(frozen=True, kw_only=True)
class DutyEntry:
    """The duty of one officer on one day. With no kind, the weekly pattern applies again."""

    officer: Officer
    date: datetime.date
    kind: DutyKind | None
    times: DutyTimes | None = None
