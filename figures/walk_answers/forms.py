"""The month whose answers a lead compares."""

import datetime
from collections.abc import Sequence

from django import forms
from django.http import QueryDict


class MonthForm(forms.Form):
    month = forms.ChoiceField(label="Month")

    def __init__(self, data: dict[str, str], *, months: Sequence[datetime.date]) -> None:
        """Take the months that are over, newest first."""
        self.months = {f"{month:%Y-%m}": month for month in months}
        super().__init__({"month": next(iter(self.months)), **data})
        self.fields["month"].choices = [  # type: ignore[attr-defined]
            (code, f"{month:%B %Y}") for code, month in self.months.items()
        ]

    @classmethod
    def read(cls, data: QueryDict, *, months: Sequence[datetime.date]) -> "MonthForm":
        """Read the address. If it makes no sense, choose the last month."""
        form = cls({name: str(value) for name, value in data.items()}, months=months)
        if form.is_valid():
            return form
        usual = cls({}, months=months)
        usual.is_valid()
        return usual

    @property
    def chosen(self) -> datetime.date:
        return self.months[self.cleaned_data["month"]]
