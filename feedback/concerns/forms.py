"""Forms to screen, merge and list concerns."""

from datetime import date, timedelta
from typing import Any

from django import forms

from bookings.decisions.forms import DecisionForm
from boroughs.models.officers import Officer
from feedback.concerns.actions import Acceptance
from feedback.models.concerns import Concern, ConcernQuerySet
from feedback.statuses import State
from walkandtalk.lib import london
from walkandtalk.lib.govuk.forms import ThreePartDateField
from walkandtalk.lib.govuk.layout import Layout, LayoutObject, Question

YEAR = timedelta(days=366)


class OfficerField(forms.ModelChoiceField):  # type: ignore[type-arg]  # Django's own takes no type when it runs
    def label_from_instance(self, obj: Officer) -> str:
        return obj.display_name


class ScreenForm(DecisionForm):
    """The outcome of screening, decided by an inspector who was not on the walk."""

    button = "Save"

    OUTCOMES = {
        "accept": "We look into it",
        "no_action": "We cannot change it",
        "divert": "It belongs to another team: a crime, a child at risk, a person named",
    }
    NOT_YET = {"screening": "I am still checking it"}

    outcome = forms.ChoiceField(
        label="What happens to it?",
        widget=forms.RadioSelect,
        choices=list((OUTCOMES | NOT_YET).items()),
        error_messages={"required": "Choose what happens to this concern"},
    )
    review_date = ThreePartDateField(label="Look at it again by", subject="The review date", required=False)
    reason = forms.CharField(
        label="Why not?",
        help_text="She reads this after “We can’t change this, because”.",
        widget=forms.Textarea,
        max_length=1000,
        required=False,
    )
    external_reference = forms.CharField(
        label="Their reference",
        help_text="A crime or referral number. What she wrote is erased here, so give it to them first.",
        max_length=60,
        required=False,
    )

    def __init__(self, *args: Any, concern: Concern, today: date, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.today = today
        self.fields["owner"] = OfficerField(
            concern.possible_owners(),
            label="Who looks after it?",
            required=False,
            empty_label=None,
        )
        if concern.state != State.REPORTED:
            self.fields["outcome"].choices = list(self.OUTCOMES.items())  # type: ignore[attr-defined]

    def question(self) -> LayoutObject:
        return Question(
            "outcome",
            reveal={
                "accept": Layout(Question("owner"), Question("review_date")),
                "no_action": Question("reason", rows=3),
                "divert": Question("external_reference", width="20"),
            },
        )

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        needed = {
            "accept": {"owner": "Choose who looks after it", "review_date": "The review date must include a date"},
            "no_action": {"reason": "Enter why we cannot change this, so that she can read it"},
            "divert": {"external_reference": "Enter the reference that the other team gave you"},
        }.get(cleaned.get("outcome", ""), {})
        for name, words in needed.items():
            if name not in self.errors and not cleaned.get(name):
                self.add_error(name, words)
        day = cleaned.get("review_date")
        if "review_date" in needed and day and not self.today < day <= date(self.today.year + 1, 12, 31):
            self.add_error("review_date", "The review date must be after today, and before the end of next year")
        return cleaned

    @property
    def chosen_outcome(self) -> str:
        return str(self.cleaned_data["outcome"])

    def acceptance(self) -> Acceptance:
        return Acceptance(owner=self.cleaned_data["owner"], review_date=self.cleaned_data["review_date"])

    @property
    def reason_for_requester(self) -> str:
        return str(self.cleaned_data["reason"])

    @property
    def their_reference(self) -> str:
        return str(self.cleaned_data["external_reference"])


class MergeForm(DecisionForm):
    """The other concern that this one is merged into."""

    button = "Join them and tell her"

    other = forms.ChoiceField(
        label="Which one is it?",
        widget=forms.RadioSelect,
        error_messages={"required": "Choose the concern that it is one with"},
    )

    def __init__(self, *args: Any, others: list[Concern], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.others = {str(other.pk): other for other in others}
        names = [(pk, other.current_wording.place or other.kind_label) for pk, other in self.others.items()]
        self.fields["other"].choices = names  # type: ignore[attr-defined]

    def question(self) -> LayoutObject:
        return Question("other", hints={pk: _in_short(other) for pk, other in self.others.items()})

    @property
    def merged_into(self) -> Concern:
        return self.others[self.cleaned_data["other"]]


def _in_short(concern: Concern) -> str:
    """Return the hint under a concern's place, or under its kind if it has no place."""
    kind = f"{concern.kind_label}. " if concern.current_wording.place else ""
    owner = f", looked after by {concern.owner.display_name}" if concern.owner else ""
    return f"{kind}{concern.get_state_display()}. Told on {london.long_date(concern.reported_at)}{owner}"


class ListForm(forms.Form):
    """The tab of the list, and the last concern of the page before."""

    TABS = {"to_check": "To check", "open": "Being looked into", "ended": "Ended", "all": "All"}

    show = forms.ChoiceField(choices=list(TABS.items()), required=False)

    def __init__(self, *args: Any, visible: ConcernQuerySet, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["after"] = forms.ModelChoiceField(visible, required=False)
        self.full_clean()

    @property
    def shown(self) -> str:
        """The chosen tab, or "To check" if the address has no valid one."""
        return self.cleaned_data.get("show") or "to_check"

    @property
    def last_seen(self) -> Concern | None:
        return self.cleaned_data.get("after")
