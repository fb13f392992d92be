"""What every form of a decision carries: the version of the booking that its page showed."""

from typing import Any, cast

from django import forms
from django.http import QueryDict

from walkandtalk.lib.errors import ActionError
from walkandtalk.lib.govuk.forms import PageForm


class DecisionForm(PageForm):
    """Sends along which version of the booking it was shown for, so that nobody decides about what she has not seen."""

    version = forms.IntegerField(widget=forms.HiddenInput)

    @property
    def shown_version(self) -> int:
        return int(self.cleaned_data["version"])

    def refuse(self, error: ActionError, *, field: str | None = None, version: int) -> None:
        """Say why. Every answer stays, and the next try is about the booking as it is now."""
        self.add_error(field, str(error))
        self.data = cast("Any", self.data).copy()
        cast("Any", self.data)["version"] = str(version)


class VersionForm(forms.Form):
    """Which version of the booking she had before her when she pressed a button that asks nothing else."""

    version = forms.IntegerField(min_value=1)

    @classmethod
    def read(cls, data: QueryDict) -> int:
        """An answer that makes no sense was about no version there ever was."""
        form = cls(data)
        return form.cleaned_data["version"] if form.is_valid() else 0
