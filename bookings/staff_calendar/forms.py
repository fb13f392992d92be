"""The form of the staff calendar."""

import datetime
from typing import Any
from urllib.parse import urlencode

from django import forms
from django.db.models import QuerySet

from boroughs.models.bcus import BoroughCommandUnit, Ward
from boroughs.models.officers import Officer
from walkandtalk.lib import london
from walkandtalk.lib.plain_select import PlainSelect
from walks.planning.availability import DAY

WEEK = 7
FARTHEST = DAY * 366 * 3


class OfficerField(forms.ModelChoiceField):  # type: ignore[type-arg]  # Django's own takes no type when it runs
    def label_from_instance(self, obj: Officer) -> str:
        return obj.display_name


class CalendarForm(forms.Form):
    """A week or a month around one day. Invalid values in the address are ignored, so there is always a calendar."""

    SHOWN = {"week": "Week", "month": "Month"}
    GROUPS = {"officer": "By officer", "ward": "By ward"}

    show = forms.ChoiceField(choices=list(SHOWN.items()), required=False, widget=forms.HiddenInput)
    by = forms.ChoiceField(choices=list(GROUPS.items()), required=False, widget=forms.HiddenInput)
    day = forms.DateField(required=False, input_formats=["%Y-%m-%d"], widget=forms.HiddenInput)

    def __init__(
        self,
        *args: Any,
        officers: "QuerySet[Officer]",
        bcu: BoroughCommandUnit | None,
        today: datetime.date,
        **kwargs: Any,
    ) -> None:
        super().__init__(*args, **kwargs)
        self.today = today
        self.fields["officer"] = OfficerField(
            officers, label="Officer", required=False, empty_label="Everyone", widget=PlainSelect
        )
        wards = Ward.objects.filter(borough__bcu=bcu).order_by("name", "pk")
        self.fields["ward"] = forms.ModelChoiceField(
            wards, label="Ward", required=False, empty_label="All wards", widget=PlainSelect
        )
        self.full_clean()

    @property
    def shown(self) -> str:
        return self.cleaned_data.get("show") or "week"

    @property
    def grouped(self) -> str:
        return self.cleaned_data.get("by") or "officer"

    @property
    def around(self) -> datetime.date:
        chosen: datetime.date | None = self.cleaned_data.get("day")
        return chosen if chosen and abs(chosen - self.today) <= FARTHEST else self.today

    def span(self) -> tuple[datetime.date, int]:
        """Return the first day and the number of days. A month is widened to whole weeks."""
        if self.shown == "week":
            return self.around - DAY * self.around.weekday(), WEEK
        first = self.around.replace(day=1)
        monday = first - DAY * first.weekday()
        days = (_next_month(first) - monday).days
        return monday, -(-days // WEEK) * WEEK

    def earlier(self) -> datetime.date:
        if self.shown == "week":
            return self.around - DAY * WEEK
        return (self.around.replace(day=1) - DAY).replace(day=1)

    def later(self) -> datetime.date:
        return self.around + DAY * WEEK if self.shown == "week" else _next_month(self.around)

    def title(self) -> str:
        return f"Week of {london.long_date(self.span()[0])}" if self.shown == "week" else f"{self.around:%B %Y}"

    def address(self, **other: object) -> str:
        """Return the address of this calendar with these values changed."""
        chosen = {"show": self.shown, "by": self.grouped, "day": self.around, **self._filters(), **other}
        return "?" + urlencode({name: value for name, value in chosen.items() if value})

    def _filters(self) -> dict[str, object]:
        officer, ward = self.cleaned_data.get("officer"), self.cleaned_data.get("ward")
        return {"officer": officer and officer.pk, "ward": ward and ward.pk}


def _next_month(day: datetime.date) -> datetime.date:
    return (day.replace(day=28) + DAY * 4).replace(day=1)
