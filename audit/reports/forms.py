"""The period and the BCU of a report, as codes in its address."""

import datetime
from collections.abc import Sequence
from urllib.parse import urlencode

from django import forms
from django.http import QueryDict

from audit.periods import Period, days_up_to, single_day
from boroughs.models.bcus import BoroughCommandUnit
from walkandtalk.lib import london

LAST = {"1": "Today", "7": "Last 7 days", "28": "Last 28 days", "90": "Last 90 days", "365": "Last 365 days"}
USUAL = "7"


class ReportForm(forms.Form):
    """A period is a number of days up to today, or a single day such as 2026-11-28."""

    period = forms.ChoiceField(label="Time")
    bcu = forms.ChoiceField(label="BCU of the person", required=False)

    def __init__(self, data: QueryDict, *, bcus: Sequence[BoroughCommandUnit], today: datetime.date) -> None:
        values = {"period": USUAL, **data.dict()}
        super().__init__(values)
        self.today, self.bcus = today, {bcu.code: bcu for bcu in bcus}
        day = _day(str(values["period"]), today)
        days = {day.isoformat(): london.long_date(day)} if day is not None else {}
        self.fields["period"].choices = [*LAST.items(), *days.items()]  # type: ignore[attr-defined]
        self.fields["bcu"].choices = [("", "Every BCU"), *((bcu.code, bcu.name) for bcu in bcus)]  # type: ignore[attr-defined]
        self.is_valid()

    @property
    def code(self) -> str:
        return str(self.cleaned_data.get("period", USUAL))

    @property
    def period_asked_for(self) -> Period:
        day = _day(self.code, self.today)
        return single_day(day) if day is not None else days_up_to(self.today, int(self.code))

    @property
    def bcu_asked_for(self) -> BoroughCommandUnit | None:
        return self.bcus.get(str(self.cleaned_data.get("bcu", "")))

    @property
    def address(self) -> str:
        bcu = self.bcu_asked_for
        return urlencode({"period": self.code, **({"bcu": bcu.code} if bcu is not None else {})})


def _day(text: str, today: datetime.date) -> datetime.date | None:
    try:
        day = datetime.date.fromisoformat(text)
    except ValueError:
        return None
    return day if datetime.date(2000, 1, 1) <= day <= today else None
