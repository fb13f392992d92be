"""What inspectors say of a concern, and which ones they list."""

from datetime import date, timedelta
from typing import Any

from django import forms

from boroughs.models import BoroughCommandUnit, Officer
from feedback.models import Concern, ConcernQuerySet
from feedback.statuses import Partner, State
from walkandtalk.lib import london
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
    DONE, PLANNED, GOES_ON, REFER, NOT_OURS, NO_ACTION = "done", "planned", "goes_on", "refer", "not_ours", "no_action"

    chapter = forms.IntegerField(widget=forms.HiddenInput)
    outcome = forms.ChoiceField(
        label="Where does it stand?",
        widget=forms.RadioSelect,
        error_messages={"required": "Choose what came of it"},
    )
    done_date = ThreePartDateField(label="When was it done?", subject="The day on which it was done", required=False)
    is_part = forms.BooleanField(label="Only some of it is done", required=False)
    planned_date = ThreePartDateField(label="When is it to be done?", subject="The planned day", required=False)
    review_date = ThreePartDateField(label="Look at it again by", subject="The review date", required=False)
    partner = forms.ChoiceField(
        label="Who has it now?", widget=forms.RadioSelect, choices=Partner.choices, required=False
    )
    outside_reference = forms.CharField(
        label="Their reference",
        help_text="Leave it out until they have said that they have it.",
        max_length=60,
        required=False,
    )
    chase_date = ThreePartDateField(label="Ask them again by", subject="The day to ask them again", required=False)
    words = forms.CharField(
        label="What do we tell her?",
        help_text="She reads this in an email and on her page. Write what was done, or why not, and name nobody.",
        widget=forms.Textarea,
        max_length=1000,
        error_messages={"required": "Enter what we tell her"},
    )

    def __init__(self, *args: Any, concern: Concern, may_refer: bool, today: date, **kwargs: Any) -> None:
        said = {"chapter": concern.chapter, "partner": concern.referred_to}
        super().__init__(*args, initial={**said, "outside_reference": concern.outside_reference}, **kwargs)
        self.today = today
        offered = {
            self.DONE: "Something was done",
            self.PLANNED: concern.may_become(State.PLANNED) and "Something is planned",
            self.GOES_ON: concern.may_become(State.IN_PROGRESS) and "It goes on: there is more to do",
            self.REFER: concern.may_become(State.REFERRED) and may_refer and _refer_label(concern),
            self.NOT_OURS: concern.is_acknowledged and "It is theirs, and they have it: we are done with it",
            self.NO_ACTION: "We cannot change it",
        }
        self.offered = {outcome: label for outcome, label in offered.items() if label}
        self.fields["outcome"].choices = list(self.offered.items())  # type: ignore[attr-defined]

    def question(self) -> LayoutObject:
        revealed = {
            self.DONE: Layout(Question("done_date"), Question("is_part")),
            self.PLANNED: Question("planned_date"),
            self.GOES_ON: Question("review_date"),
            self.REFER: Layout(
                Question("partner"), Question("outside_reference", width="20", optional=True), Question("chase_date")
            ),
        }
        outcome = Question("outcome", reveal={name: asked for name, asked in revealed.items() if name in self.offered})
        layout: LayoutObject = Layout(Question("chapter"), outcome, Question("words", rows=3))
        return layout

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        outcome = cleaned.get("outcome")
        if outcome == self.DONE and "done_date" not in self.errors:
            day = cleaned.get("done_date")
            if day is None or not self.today - YEAR <= day <= self.today:
                self.add_error("done_date", "The day on which it was done must be today or in the year before")
        to_come = {self.PLANNED: "planned_date", self.GOES_ON: "review_date", self.REFER: "chase_date"}.get(
            outcome or ""
        )
        if to_come and to_come not in self.errors:
            day = cleaned.get(to_come)
            if day is None or not self.today < day <= self.today + YEAR:
                subject = self.fields[to_come].subject  # type: ignore[attr-defined]
                self.add_error(to_come, f"{subject} must be after today, and within a year")
        if outcome == self.REFER and not cleaned.get("partner"):
            self.add_error("partner", "Choose who has it now")
        return cleaned

    @property
    def is_referred(self) -> bool:
        return bool(self.cleaned_data["outcome"] == self.REFER)

    def referred(self) -> dict[str, Any]:
        """Who has it, and when we ask them again."""
        data = self.cleaned_data
        said = {name: data[name] for name in ("partner", "outside_reference", "words", "chapter")}
        return {**said, "review_date": data["chase_date"]}

    def answered(self) -> dict[str, Any]:
        """What the answer is, of what belongs to the outcome that was chosen."""
        data = self.cleaned_data
        said: dict[str, Any] = {"words": data["words"], "chapter": data["chapter"]}
        match data["outcome"]:
            case self.PLANNED:
                day = data["planned_date"]
                return {**said, "to": State.PLANNED, "done_date": day, "review_date": day}
            case self.NOT_OURS:
                return {**said, "to": State.NOT_OURS}
            case self.DONE:
                to = State.PARTLY_RESOLVED if data["is_part"] else State.RESOLVED
                return {**said, "to": to, "done_date": data["done_date"]}
            case self.GOES_ON:
                return {**said, "to": State.IN_PROGRESS, "review_date": data["review_date"]}
            case _:
                return {**said, "to": State.NO_ACTION}


def _refer_label(concern: Concern) -> str:
    return "It is still with them" if concern.state == State.REFERRED else "We have passed it to somebody else"


class JoinForm(PageForm):
    """Which other concern it is one with."""

    button = "Join them and tell her"

    version = forms.IntegerField(widget=forms.HiddenInput)
    other = forms.ChoiceField(
        label="Which one is it?",
        widget=forms.RadioSelect,
        error_messages={"required": "Choose the concern that it is one with"},
    )

    def __init__(self, *args: Any, others: list[Concern], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.others = {str(other.pk): other for other in others}
        names = [(pk, other.words_now.place or other.kind_label) for pk, other in self.others.items()]
        self.fields["other"].choices = names  # type: ignore[attr-defined]

    def question(self) -> LayoutObject:
        return Question("other", hints={pk: _in_short(other) for pk, other in self.others.items()})

    def chosen(self) -> dict[str, Any]:
        return {"other": self.others[self.cleaned_data["other"]], "version": self.cleaned_data["version"]}


def _in_short(concern: Concern) -> str:
    """What stands under its place, or under its kind where she named no place."""
    kind = f"{concern.kind_label}. " if concern.words_now.place else ""
    owner = f", looked after by {concern.owner.called}" if concern.owner else ""
    return f"{kind}{concern.get_state_display()}. Told on {london.long_date(concern.told_at)}{owner}"


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
