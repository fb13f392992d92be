"""The forms that propose how a team is reached, who its nominated inspector is, or which BCU a borough belongs to."""

from typing import Any

from django import forms

from administration.models import ProposedChange
from administration.proposals.forms import ProposeRowForm
from boroughs.models.bcus import Borough, BoroughCommandUnit
from boroughs.models.officers import Officer
from walkandtalk.lib.govuk.layout import Layout, LayoutObject, Question


class NominatedInspectorField(forms.ModelChoiceField):  # type: ignore[type-arg]  # generic only in the stubs
    """Shows each inspector with their BCU, because they must come from another one."""

    def label_from_instance(self, obj: Any) -> str:
        return f"{obj.bcu}: {obj.display_name}"


class TeamForm(ProposeRowForm):
    kind = ProposedChange.Kind.TEAM

    nominated_inspector = NominatedInspectorField(
        Officer.objects.none(),
        label="Nominated inspector",
        help_text="Of another BCU. They alone decide on requests that women keep from this BCU.",
        required=False,
        empty_label="None",
    )

    class Meta:
        model = BoroughCommandUnit
        fields = ("inbox", "duty_number", "text_number", "nominated_inspector")
        labels = {"inbox": "Team inbox"}
        error_messages = {
            "inbox": {"required": "Enter the team’s email address"},
            "duty_number": {"required": "Enter the number that women ring"},
        }

    def __init__(self, data: Any = None, **kwargs: Any) -> None:
        super().__init__(data, **kwargs)
        possible = Officer.objects.eligible_as_nominated_inspector().exclude(bcu=self.instance.pk)
        self.fields["nominated_inspector"].queryset = (  # type: ignore[attr-defined]
            possible.select_related("bcu").order_by("bcu__name", "name", "pk")
        )

    def question(self) -> LayoutObject:
        return Layout(*(Question(name, size="s", optional=False) for name in (*self.names, "reason")))


class BoroughForm(ProposeRowForm):
    kind = ProposedChange.Kind.BOROUGH

    class Meta:
        model = Borough
        fields = ("bcu",)
        labels = {"bcu": "BCU"}
        help_texts = {"bcu": "New requests from this borough go there. Those that wait now stay where they are."}

    def __init__(self, data: Any = None, **kwargs: Any) -> None:
        super().__init__(data, **kwargs)
        self.fields["bcu"].empty_label = "Select a BCU"  # type: ignore[attr-defined]

    def question(self) -> LayoutObject:
        return Layout(Question("bcu", size="s", optional=False), Question("reason", size="s"))
