"""How each of her needs is arranged: a part of the form that gives her a walk."""

from collections.abc import Iterable
from typing import Any

from django import forms

from bookings.actions import Arranged
from bookings.models import Arrangement
from bookings.statuses import Need
from walkandtalk.lib.govuk.forms import PageForm
from walkandtalk.lib.govuk.layout import Group, Layout, LayoutObject, Question

ARRANGED, AGREED = "arranged", "agreed"
LONGEST = 300


class NeedFields:
    """Two questions a need: arranged or agreed otherwise, and how."""

    def __init__(self, needs: list[Need]) -> None:
        self.needs = needs

    def add_to(self, form: PageForm) -> None:
        for need in self.needs:
            form.fields[f"need_{need}"] = forms.ChoiceField(
                label=need.label,
                choices=[(ARRANGED, "Arranged"), (AGREED, "Agreed otherwise with her")],
                widget=forms.RadioSelect,
                error_messages={
                    "required": f"{need.label}: choose whether it is arranged or agreed otherwise with her"
                },
            )
            form.fields[f"how_{need}"] = forms.CharField(
                label="How, and by whom",
                max_length=LONGEST,
                error_messages={
                    "required": f"{need.label}: enter how, and by whom",
                    "max_length": f"{need.label}: use {LONGEST} characters or fewer",
                },
            )

    @staticmethod
    def initial_of(arrangements: Iterable[Arrangement]) -> dict[str, Any]:
        said: dict[str, Any] = {}
        for row in arrangements:
            said[f"need_{row.need}"] = AGREED if row.agreed_otherwise else ARRANGED
            said[f"how_{row.need}"] = row.how
        return said

    def take_from(self, answers: dict[str, Any]) -> list[Arranged]:
        """Out of valid answers."""
        return [
            Arranged(
                need=need,
                agreed_otherwise=answers.pop(f"need_{need}") == AGREED,
                how=answers.pop(f"how_{need}"),
            )
            for need in self.needs
        ]

    def question(self) -> LayoutObject:
        layout: LayoutObject = Layout(
            *(
                Group(
                    need.label,
                    Question(f"need_{need}", label="Is it arranged?", size="s", inline=True, small=True),
                    Question(f"how_{need}", size="s", hint=HINTS.get(need, HINT)),
                )
                for need in self.needs
            )
        )
        return layout


HINT = "She and the officers read it."
HINTS = {
    Need.BSL: "For example, “PC Okafor signs” or “Interpreter booked with the force’s agency”. She reads it.",
    Need.INTERPRETER: "For example, “Bengali interpreter by telephone, booked by PC Okafor”. She reads it.",
    Need.STEP_FREE: "For example, “Lift at the station, walked by PC Okafor”. She reads it.",
}
