"""The form to create or change a recurring walk."""

import datetime
from typing import Any

from django import forms

from boroughs.models.bcus import BoroughCommandUnit
from boroughs.models.officers import Officer
from walkandtalk.lib.govuk.forms import ThreePartDateField
from walkandtalk.lib.govuk.layout import Group, Layout, LayoutObject, Question
from walks.models.recurring_walks import WEEKDAYS, RecurringWalk
from walks.planning.plan_fields import WalkDetailsFields
from walks.recurring.actions import RecurringWalkDetails

DETAILS_FIELDS = (
    *("weekday", "start", "minutes", "area", "meeting_place"),
    *("finish_place", "duty_number", "capacity", "from_date", "until_date"),
)
MEETING_PLACE_HINT = "She reads this once she has accepted. For example, “Nunhead station, by the flower stall”."


class RecurringWalkForm(WalkDetailsFields):
    button = "Save this recurring walk"
    field_order = ("weekday", "start", "minutes", "from_date", "until_date", "area", "meeting_place", "finish_place")

    weekday = forms.TypedChoiceField(
        label="Day", choices=list(enumerate(WEEKDAYS)), coerce=int, error_messages={"required": "Select the day"}
    )
    capacity = forms.IntegerField(
        label="Places",
        min_value=2,
        max_value=12,
        error_messages={
            "required": "Enter the number of places",
            "invalid": "Places must be a whole number, like 4",
            "min_value": "Places must be between 2 and 12",
            "max_value": "Places must be between 2 and 12",
        },
    )
    area = forms.CharField(
        label="Area",
        help_text="A requester reads this before she accepts. For example, “Nunhead”.",
        max_length=200,
        error_messages={"required": "Enter the area of the walk"},
    )
    officers = forms.ModelMultipleChoiceField(
        label="Usual officers",
        help_text="They’re assigned to each date when you first offer it. If you choose nobody, you choose each time.",
        queryset=Officer.objects.none(),
        widget=forms.CheckboxSelectMultiple,
        required=False,
        error_messages={"invalid_choice": "Select officers from the list"},
    )
    from_date = ThreePartDateField(label="From", subject="From")
    until_date = ThreePartDateField(label="Until", subject="Until", required=False)

    def __init__(self, data: Any = None, *, bcu: BoroughCommandUnit, **kwargs: Any) -> None:
        super().__init__(data, **kwargs)
        leading = Officer.objects.who_can_be_assigned(bcu).order_by("name", "pk")
        self.fields["officers"].queryset = leading  # type: ignore[attr-defined]
        self.fields["officers"].label_from_instance = lambda officer: officer.display_name  # type: ignore[attr-defined]

    @staticmethod
    def initial_of(recurring_walk: RecurringWalk) -> dict[str, Any]:
        settled = {name: getattr(recurring_walk, name) for name in DETAILS_FIELDS}
        return {**settled, "officers": [officer.pk for officer in recurring_walk.officers.all()]}

    def clean(self) -> dict[str, Any]:
        answers: dict[str, Any] = super().clean() or self.cleaned_data
        begins, ends = answers.get("from_date"), answers.get("until_date")
        if begins and ends and ends < begins:
            self.add_error("until_date", "Until must be the same day as From, or later")
        return answers

    def details(self) -> RecurringWalkDetails:
        return RecurringWalkDetails(**{name: self.cleaned_data[name] for name in DETAILS_FIELDS})

    def chosen_officers(self) -> list[Officer]:
        return list(self.cleaned_data["officers"])

    def question(self) -> LayoutObject:
        layout: LayoutObject = Layout(
            Group(
                "When",
                Question("weekday", size="s"),
                Question("start", size="s", width="5"),
                Question("minutes", size="s", width="3", suffix="minutes"),
                Question("from_date", size="s"),
                Question("until_date", size="s"),
            ),
            Group(
                "Where",
                Question("area", size="s"),
                Question("meeting_place", size="s", rows=2, hint=MEETING_PLACE_HINT),
                Question("finish_place", size="s"),
                Question("duty_number", size="s", width="20"),
            ),
            Group(
                "Places and officers",
                Question("capacity", size="s", width="2"),
                Question("officers", size="s", optional=False),
            ),
        )
        return layout


def initial_details(bcu: BoroughCommandUnit, today: datetime.date) -> dict[str, Any]:
    """Return the BCU's usual details, starting today."""
    return {
        "minutes": bcu.walk_minutes,
        "capacity": max(bcu.walk_capacity, 2),
        "finish_place": "Back at the start",
        "duty_number": bcu.duty_number,
        "from_date": today,
    }
