from django import forms
from django.http import QueryDict


class VersionForm(forms.Form):
    """Which version of the booking she had before her when she pressed a button that asks nothing else."""

    version = forms.IntegerField(min_value=1)

    @classmethod
    def read(cls, data: QueryDict) -> int:
        """An answer that makes no sense was about no version there ever was."""
        form = cls(data)
        return form.cleaned_data["version"] if form.is_valid() else 0
