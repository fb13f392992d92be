"""The choice of figures: the period and, for a lead, the order of BCUs and the one whose months are shown."""

import datetime
from collections.abc import Mapping
from urllib.parse import urlencode

from django import forms
from django.http import QueryDict

from boroughs.models.bcus import BoroughCommandUnit
from figures.counting import Period
from figures.periods import parse_period, period_choices
from figures.showing import FIGURES


class FiguresForm(forms.Form):
    period = forms.ChoiceField(label="Period")
    order = forms.ChoiceField(
        label="Order", required=False, choices=[("", "BCU"), *((figure.code, figure.label) for figure in FIGURES)]
    )
    bcu = forms.ChoiceField(required=False, widget=forms.HiddenInput)

    def __init__(self, data: Mapping[str, object], *, now: datetime.datetime, bcus: list[BoroughCommandUnit]) -> None:
        super().__init__({"period": "28", **data})
        self.now, self.bcus = now, {bcu.code: bcu for bcu in bcus}
        self.fields["period"].choices = period_choices(now)  # type: ignore[attr-defined]
        self.fields["bcu"].choices = [("", ""), *((code, code) for code in self.bcus)]  # type: ignore[attr-defined]
        if not self.bcus:
            del self.fields["bcu"], self.fields["order"]

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
    def code(self) -> str:
        return str(self.cleaned_data["period"])

    @property
    def asked_for(self) -> Period:
        return parse_period(self.code, now=self.now)

    @property
    def time_in_words(self) -> str:
        return dict(period_choices(self.now))[self.code]

    @property
    def chosen(self) -> BoroughCommandUnit | None:
        return self.bcus.get(self.cleaned_data.get("bcu", ""))

    @property
    def chosen_order(self) -> str:
        return str(self.cleaned_data.get("order", ""))

    def address_of(self, bcu: BoroughCommandUnit | None) -> str:
        """Return the query of this page with the months of another BCU, or of all of London."""
        asked = {"period": self.code, "order": self.chosen_order, "bcu": bcu.code if bcu else ""}
        return urlencode({name: value for name, value in asked.items() if value})
