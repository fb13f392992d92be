"""The page of the list of improvements."""

from uuid import UUID

from django import forms


class PageForm(forms.Form):
    after = forms.UUIDField(required=False)

    @property
    def cursor(self) -> UUID | None:
        """Return the key of the row after which the page begins, or None if the address makes no sense."""
        return self.cleaned_data["after"] if self.is_valid() else None
