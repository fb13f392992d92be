"""The form for inviting a guest."""

from django import forms

from bookings.decisions.forms import DecisionForm
from bookings.scheduling.guests.actions import GuestInvitation
from walkandtalk.lib.govuk.layout import Layout, LayoutObject, Question


class GuestForm(DecisionForm):
    """A guest. The requesters read these answers exactly as typed."""

    button = "Ask the women"

    name = forms.CharField(label="Name", max_length=80, error_messages={"required": "Enter the guest’s name"})
    role = forms.CharField(
        label="Role",
        help_text="For example, “chair of the ward panel”.",
        max_length=80,
        error_messages={"required": "Enter what the guest does there"},
    )
    organisation = forms.CharField(
        label="Organisation",
        max_length=120,
        error_messages={"required": "Enter the organisation that the guest comes from"},
    )

    def decision(self) -> GuestInvitation:
        answers = self.cleaned_data
        return GuestInvitation(name=answers["name"], role=answers["role"], organisation=answers["organisation"])

    def question(self) -> LayoutObject:
        layout: LayoutObject = Layout(*(Question(name, size="s") for name in ("name", "role", "organisation")))
        return layout
