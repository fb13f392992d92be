"""The choice of figures: the period and, for a lead, the BCU whose months are shown."""

import datetime
from collections.abc import Mapping

from django import forms
from django.http import QueryDict

from boroughs.models.bcus import BoroughCommandUnit
from figures.comparison import last_days, month_period, months_up_to
from figures.counting import Period

LAST = {"28": "Last 28 days", "90": "Last 90 days"}


class FiguresForm(forms.Form):
    period = forms.ChoiceField(label="Time")
    bcu = forms.ChoiceField(label="Months of", required=False)

    def __init__(self, data: Mapping[str, object], *, now: datetime.datetime, bcus: list[BoroughCommandUnit]) -> None:
        super().__init__({"period": "28", **data})
        self.now, self.bcus = now, {bcu.code: bcu for bcu in bcus}
        months = [(f"{month:%Y-%m}", f"{month:%B %Y}") for month in reversed(months_up_to(now))]
        self.fields["period"].choices = [*LAST.items(), *months]  # type: ignore[attr-defined]
        names = [(code, bcu.name) for code, bcu in self.bcus.items()]
        self.fields["bcu"].choices = [("", "All of London"), *names]  # type: ignore[attr-defined]
        if not names:
            del self.fields["bcu"]

    @classmethod
    def read(cls, data: QueryDict, *, now: datetime.datetime, bcus: list[BoroughCommandUnit]) -> "FiguresForm":
        """Read the address. If it makes no sense, choose the last 28 days."""
        form = cls(data.dict(), now=now, bcus=bcus)
        if form.is_valid():
            return form
        usual = cls({}, now=now, bcus=bcus)
        usual.is_valid()
        return usual

    @property
    def asked_for(self) -> Period:
        return parse_period(self.cleaned_data["period"], now=self.now)

    @property
    def time_in_words(self) -> str:
        return dict(self.fields["period"].choices)[self.cleaned_data["period"]]  # type: ignore[attr-defined,no-any-return]

    @property
    def chosen(self) -> BoroughCommandUnit | None:
        return self.bcus.get(self.cleaned_data.get("bcu", ""))


def parse_period(code: str, *, now: datetime.datetime) -> Period:
    """Return the period for "28" or "90" days, or for a month such as "2026-11"."""
    if code in LAST:
        return last_days(int(code), now=now)
    return month_period(datetime.date.fromisoformat(f"{code}-01"), now=now)
