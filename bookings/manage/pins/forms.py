"""The form that an inspector completes before a PIN is read out."""

from bookings.decisions.spoken_with import SpokenWithForm
from walkandtalk.lib.govuk.layout import Layout, LayoutObject


class ResetPinForm(SpokenWithForm):
    button = "Make a PIN to read out to her"

    def question(self) -> LayoutObject:
        layout: LayoutObject = Layout(self.spoken_with_question())
        return layout
