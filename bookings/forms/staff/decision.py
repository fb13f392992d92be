"""What every page has on which somebody decides."""

from typing import Any, cast

from django import forms

from bookings.actions import BookingError
from walkandtalk.lib.govuk.forms import PageForm


class DecisionForm(PageForm):
    """Sends along which version of the booking it was shown for, so that nobody decides about what she has not seen."""

    version = forms.IntegerField(widget=forms.HiddenInput)

    def refuse(self, error: BookingError, *, field: str | None = None, version: int) -> None:
        """Say why. Every answer stays, and the next try is about the booking as it is now."""
        self.add_error(field, str(error))
        self.data = cast("Any", self.data).copy()
        cast("Any", self.data)["version"] = str(version)
