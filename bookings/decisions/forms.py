"""The base of every decision form, which carries the version of the row that its page showed."""

from typing import Any, cast

from django import forms
from django.http import QueryDict

from walkandtalk.lib.govuk.forms import PageForm


class DecisionForm(PageForm):
    """Carry the version that the page showed, so that an inspector never overwrites a change she has not seen."""

    version = forms.IntegerField(widget=forms.HiddenInput)

    @property
    def shown_version(self) -> int:
        return int(self.cleaned_data["version"])

    def renew_version(self, version: int) -> None:
        """Carry this version instead, so that the next try is about the row as it is now."""
        self.data = cast("Any", self.data).copy()
        cast("Any", self.data)["version"] = str(version)


class VersionForm(forms.Form):
    """The version that the page showed, for a button without other fields."""

    version = forms.IntegerField(min_value=1)

    @classmethod
    def read(cls, data: QueryDict) -> int:
        """Return the version, or 0, which no booking has, if the value makes no sense."""
        form = cls(data)
        return form.cleaned_data["version"] if form.is_valid() else 0
