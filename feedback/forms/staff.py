"""What inspectors say of a concern, and which ones they list."""

from datetime import date, timedelta
from typing import Any

from django import forms

from boroughs.models import BoroughCommandUnit, Officer
from feedback.models import Concern, ConcernQuerySet
from feedback.statuses import State
from walkandtalk.lib.govuk.forms import PageForm, ThreePartDateField
from walkandtalk.lib.govuk.layout import Layout, LayoutObject, Question

YEAR = timedelta(days=366)


class OfficerField(forms.ModelChoiceField):  # type: ignore[type-arg]  # Django's own takes no type when it runs
    def label_from_instance(self, obj: Officer) -> str:
        return obj.called


class ScreenForm(PageForm):
    """What becomes of a concern that is checked by somebody who was not on the walk."""

    button = "Save"

    OUTCOMES = {
        "accept": "We look into it",
        "no_action": "We cannot change it",
        "divert": "It belongs to another team: a crime, a child at risk, a person named",
    }
    NOT_YET = {"screening": "I am still checking it"}

    version = forms.IntegerField(widget=forms.HiddenInput, required=False)
    outcome = forms.ChoiceField(
        label="What happens to it?",
        widget=forms.RadioSelect,
        choices=list((OUTCOMES | NOT_YET).items()),
        error_messages={"required": "Choose what happens to this concern"},
    )
    review_date = ThreePartDateField(label="Look at it again by", subject="The review date", required=False)
    reason = forms.CharField(
        label="Why not?",
        help_text="She reads this after “We cannot change this, because”.",
        widget=forms.Textarea,
        max_length=1000,
        required=False,
    )
    outside_reference = forms.CharField(
        label="Their reference",
        help_text="A crime or referral number. What she wrote is erased here, so give it to them first.",
        max_length=60,
        required=False,
    )

    def __init__(self, *args: Any, bcu: BoroughCommandUnit, today: date, is_new: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.today = today
        self.fields["owner"] = OfficerField(
            Officer.objects.filter(bcu=bcu, is_active=True).order_by("name", "pk"),
            label="Who looks after it?",
            required=False,
            empty_label=None,
        )
        if not is_new:
            self.fields["outcome"].choices = list(self.OUTCOMES.items())  # type: ignore[attr-defined]

    def question(self) -> LayoutObject:
        outcome = Question(
            "outcome",
            reveal={
                "accept": Layout(Question("owner"), Question("review_date")),
                "no_action": Question("reason", rows=3),
                "divert": Question("outside_reference", width="20"),
            },
        )
        layout: LayoutObject = Layout(Question("version"), outcome)
        return layout

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        needed = {
            "accept": {"owner": "Choose who looks after it", "review_date": "The review date must include a date"},
            "no_action": {"reason": "Enter why we cannot change this, so that she can read it"},
            "divert": {"outside_reference": "Enter the reference that the other team gave you"},
        }.get(cleaned.get("outcome", ""), {})
        for name, words in needed.items():
            if name not in self.errors and not cleaned.get(name):
                self.add_error(name, words)
        day = cleaned.get("review_date")
        if "review_date" in needed and day and not self.today < day <= date(self.today.year + 1, 12, 31):
            self.add_error("review_date", "The review date must be after today, and before the end of next year")
        return cleaned


class AnswerForm(PageForm):
    """What came of a concern that somebody looks into."""

    button = "Save and tell her"
    GOES_ON, DONE, NO_ACTION = "goes_on", "done", "no_action"

    chapter = forms.IntegerField(widget=forms.HiddenInput)
    outcome = forms.ChoiceField(
        label="Where does it stand?",
        widget=forms.RadioSelect,
        choices=[
            (DONE, "Something was done"),
            (GOES_ON, "It goes on: there is more to do"),
            (NO_ACTION, "We cannot change it"),
        ],
        error_messages={"required": "Choose what came of it"},
    )
    done_date = ThreePartDateField(label="When was it done?", subject="The day on which it was done", required=False)
    is_part = forms.BooleanField(label="Only some of it is done", required=False)
    review_date = ThreePartDateField(label="Look at it again by", subject="The review date", required=False)
    words = forms.CharField(
        label="What do we tell her?",
        help_text="She reads this in an email and on her page. Write what was done, or why not, and name nobody.",
        widget=forms.Textarea,
        max_length=1000,
        error_messages={"required": "Enter what we tell her"},
    )

    def __init__(self, *args: Any, today: date, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.today = today

    def question(self) -> LayoutObject:
        done = Layout(Question("done_date"), Question("is_part"))
        outcome = Question("outcome", reveal={self.DONE: done, self.GOES_ON: Question("review_date")})
        layout: LayoutObject = Layout(Question("chapter"), outcome, Question("words", rows=3))
        return layout

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        outcome = cleaned.get("outcome")
        if outcome == self.DONE and "done_date" not in self.errors:
            day = cleaned.get("done_date")
            if day is None or not self.today - YEAR <= day <= self.today:
                self.add_error("done_date", "The day on which it was done must be today or in the year before")
        if outcome == self.GOES_ON and "review_date" not in self.errors:
            day = cleaned.get("review_date")
            if day is None or not self.today < day <= self.today + YEAR:
                self.add_error("review_date", "The review date must be after today, and within a year")
        return cleaned

    def answered(self) -> dict[str, Any]:
        """What the answer is, of what belongs to the outcome that was chosen."""
        data = self.cleaned_data
        said: dict[str, Any] = {"words": data["words"], "chapter": data["chapter"]}
        match data["outcome"]:
            case self.DONE:
                to = State.PARTLY_RESOLVED if data["is_part"] else State.RESOLVED
                return {**said, "to": to, "done_date": data["done_date"]}
            case self.GOES_ON:
                return {**said, "to": State.IN_PROGRESS, "review_date": data["review_date"]}
            case _:
                return {**said, "to": State.NO_ACTION}


class ListForm(forms.Form):
    """Which concerns the list shows, and from behind which one on."""

    TABS = {"to_check": "To check", "open": "Being looked into", "ended": "Ended", "all": "All"}

    show = forms.ChoiceField(choices=list(TABS.items()), required=False)

    def __init__(self, *args: Any, visible: ConcernQuerySet, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["after"] = forms.ModelChoiceField(visible, required=False)
        self.full_clean()

    @property
    def shown(self) -> str:
        """What cannot be read in the address is left out: there is always a list."""
        return self.cleaned_data.get("show") or "to_check"

    @property
    def last_seen(self) -> Concern | None:
        return self.cleaned_data.get("after")
