"""Forms to list, make, join, hand over and publish improvements."""

import datetime
from collections.abc import Sequence
from typing import Any
from urllib.parse import urlencode

from django import forms
from django.http import QueryDict

from bookings.decisions.forms import DecisionForm
from boroughs import taxonomy
from boroughs.geography.places import public_places
from boroughs.models.officers import Officer
from feedback.improvements.actions import ImprovementDetails, PublicWords
from feedback.models.concerns import Concern
from feedback.models.improvements import Improvement, ImprovementQuerySet
from feedback.models.places import ReportedPlace
from feedback.models.referrals import improvements_to_do
from feedback.statuses import ACTIVE_STATES, CLOSED_STATES, Light
from walkandtalk.lib import london
from walkandtalk.lib.govuk.forms import ThreePartDateField
from walkandtalk.lib.govuk.layout import Layout, LayoutObject, Question
from walkandtalk.lib.pdf import NOT_PRINTABLE
from walkandtalk.lib.plain_select import PlainSelect

YEAR = datetime.timedelta(days=366)
LONGEST_WORDS = 600


class ListForm(forms.Form):
    """The tab of the list, and the last improvement of the page before."""

    TABS = {"to_do": "To do", "open": "Open", "done": "Done", "ended": "Not done", "all": "All"}
    FIRST_TAB = "to_do"
    SOONEST_FIRST = ("to_do", "open")

    show = forms.ChoiceField(choices=list(TABS.items()))
    after = forms.UUIDField(required=False)

    @classmethod
    def read(cls, data: QueryDict) -> "ListForm":
        """Ignore what makes no sense in the address."""
        values = {"show": cls.FIRST_TAB, **data.dict()}
        form = cls(values)
        if not form.is_valid():
            form = cls(
                {"show": cls.FIRST_TAB} | {name: each for name, each in values.items() if name not in form.errors}
            )
            form.is_valid()
        return form

    @property
    def shown(self) -> str:
        return str(self.cleaned_data["show"])

    def address_of(self, tab: str) -> str:
        return urlencode({"show": tab})


def for_tab(visible: ImprovementQuerySet, tab: str) -> ImprovementQuerySet:
    """Return the improvements of one tab. "To do" has those that wait for an inspector."""
    match tab:
        case "to_do":
            return improvements_to_do(visible, london.today())
        case "open":
            return visible.filter(state__in=ACTIVE_STATES)
        case "done":
            return visible.filter(state__in=["resolved", "partly_resolved"])
        case "ended":
            return visible.filter(state__in=CLOSED_STATES).exclude(state__in=["resolved", "partly_resolved"])
    return visible


class ImprovementForm(DecisionForm):
    """One change to one place. Partners and the public may read it, so it repeats nothing that a woman wrote."""

    button = "Make the improvement"

    change = forms.CharField(
        label="What should change?",
        help_text="Like a heading: “Mend lamp column 14”. Partners and the public read it, so name nobody.",
        max_length=120,
        error_messages={"required": "Enter what should change"},
    )
    where = forms.CharField(
        label="Where is it?",
        help_text="Enter the street and the side, or what it’s next to, so that someone who has never been there can "
        "find it. Don’t copy a woman’s own words.",
        max_length=200,
        error_messages={"required": "Enter where it is"},
    )
    kind = forms.ChoiceField(label="What kind of problem is it?", widget=PlainSelect)
    light = forms.ChoiceField(label="Light", widget=forms.RadioSelect, choices=Light.choices, required=False)
    lamp_number = forms.CharField(
        label="Number on the lamp post",
        help_text="If it’s about a street light and you know the number.",
        max_length=20,
        required=False,
    )
    review_date = ThreePartDateField(
        label="Review date", subject="The review date", error_messages={"required": "Enter the review date"}
    )
    concerns = forms.MultipleChoiceField(
        label="Which other concerns are about the same change?",
        help_text="Each woman gets one message at each step: referred, planned, done or refused.",
        widget=forms.CheckboxSelectMultiple,
        required=False,
        error_messages={"invalid_choice": "One of these concerns has been dealt with since. Look at the list again"},
    )

    def __init__(
        self,
        *args: Any,
        others: Sequence[Concern],
        today: datetime.date,
        known_place: ReportedPlace | None = None,
        **kwargs: Any,
    ) -> None:
        super().__init__(*args, **kwargs)
        self.today = today
        self.others = {str(other.pk): other for other in others}
        if known_place is not None:
            self.fields["where"].help_text = f"{known_place.name}. {self.fields['where'].help_text}"
        kinds = [(kind.code, kind.label) for kind in taxonomy.kinds().values()]
        self.fields["kind"].choices = kinds  # type: ignore[attr-defined]
        if others:
            names = [
                (pk, f"{other.reference}, {other.kind_label}, {london.long_date(other.reported_at)}")
                for pk, other in self.others.items()
            ]
            self.fields["concerns"].choices = names  # type: ignore[attr-defined]
        else:
            del self.fields["concerns"]

    def question(self) -> LayoutObject:
        layout: LayoutObject = Layout(
            Question("change"),
            Question("where"),
            Question("kind"),
            Question("light", small=True),
            Question("lamp_number", width="10"),
            Question("review_date"),
            *([Question("concerns", small=True, optional=False)] if self.others else []),
        )
        return layout

    def clean_review_date(self) -> datetime.date:
        day: datetime.date = self.cleaned_data["review_date"]
        if not self.today < day <= self.today + YEAR:
            raise forms.ValidationError("The review date must be after today, and within a year")
        return day

    def details(self) -> ImprovementDetails:
        fields = {name: value for name, value in self.cleaned_data.items() if name not in ("concerns", "version")}
        return ImprovementDetails(**fields)

    def chosen(self) -> list[Concern]:
        return [self.others[pk] for pk in self.cleaned_data.get("concerns", [])]


class DetailsForm(ImprovementForm):
    """The details of an improvement that has been made."""

    button = "Save"

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, others=[], **kwargs)


class ReopenForm(DecisionForm):
    """Why an improvement that has ended is open again."""

    button = "Open it again"

    reason = forms.CharField(
        label="Why is it open again?",
        help_text="Colleagues read this in the history. Nobody is written to.",
        widget=forms.Textarea,
        max_length=LONGEST_WORDS,
        error_messages={"required": "Enter why it’s open again"},
    )

    def question(self) -> LayoutObject:
        return Question("reason", rows=3)

    @property
    def because(self) -> str:
        return str(self.cleaned_data["reason"])


class JoinForm(DecisionForm):
    """The improvement that a concern joins."""

    button = "Join and tell her"

    improvement = forms.ChoiceField(
        label="Which improvement?",
        widget=forms.RadioSelect,
        error_messages={"required": "Select the improvement that it’s part of"},
    )

    def __init__(self, *args: Any, improvements: Sequence[Improvement], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.improvements = {str(each.pk): each for each in improvements}
        names = [(pk, f"{each.change}, {each.where}") for pk, each in self.improvements.items()]
        self.fields["improvement"].choices = names  # type: ignore[attr-defined]

    def question(self) -> LayoutObject:
        return Question("improvement", hints={pk: _in_short(each) for pk, each in self.improvements.items()})

    @property
    def chosen(self) -> Improvement:
        return self.improvements[self.cleaned_data["improvement"]]


def _in_short(improvement: Improvement) -> str:
    return f"{improvement.kind_label}. {improvement.get_state_display()}. {improvement.reference}"


class HandOverForm(DecisionForm):
    """The colleague who owns the improvement from now on."""

    button = "Hand over"

    def __init__(self, *args: Any, improvement: Improvement, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        owner = improvement.current_owner
        possible = improvement.possible_owners()
        self.fields["owner"] = _OwnerField(
            possible.exclude(pk=owner.pk) if owner else possible,
            label="Who looks after it now?",
            widget=forms.RadioSelect,
            empty_label=None,
            error_messages={
                "required": "Select who looks after it now",
                "invalid_choice": "Select an inspector who can open this and wasn’t on the walk of a concern",
            },
        )

    def question(self) -> LayoutObject:
        return Question("owner")

    @property
    def new_owner(self) -> Officer:
        owner: Officer = self.cleaned_data["owner"]
        return owner


class _OwnerField(forms.ModelChoiceField):  # type: ignore[type-arg]  # Django's own takes no type when it runs
    def label_from_instance(self, obj: Officer) -> str:
        return obj.display_name


class PublicWordsForm(DecisionForm):
    """The words that everyone may read once it is done, after a lead has agreed to them."""

    button = "Save for a lead to agree"

    words = forms.CharField(
        label="Words for the public",
        help_text="Say what women told us and what was done. Don’t name anyone, and say nothing that only one woman "
        "knows. Leave it empty to publish nothing.",
        widget=forms.Textarea,
        max_length=LONGEST_WORDS,
        required=False,
    )
    map_place = forms.ChoiceField(
        label="Where does the public map show it?",
        help_text="A park, station or library close by, the nearest first. The map never shows the exact spot.",
        widget=PlainSelect,
        required=False,
    )

    def __init__(self, *args: Any, improvement: Improvement, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        spot = improvement.place.map_point if improvement.place is not None else None
        near = (spot.lat, spot.lon) if spot else None
        names = dict.fromkeys(str(place) for place in public_places(improvement.borough.gss, near))
        choices = [("", "Not on the map"), *((name, name) for name in names)]
        self.fields["map_place"].choices = choices  # type: ignore[attr-defined]

    def question(self) -> LayoutObject:
        layout: LayoutObject = Layout(Question("words", rows=4, optional=False), Question("map_place", optional=False))
        return layout

    def clean_words(self) -> str:
        words = str(self.cleaned_data["words"])
        if found := NOT_PRINTABLE.search(words):
            raise forms.ValidationError(f"Use letters, digits and punctuation only. We can’t print “{found[0]}”")
        return words

    @property
    def written(self) -> PublicWords:
        return PublicWords(self.cleaned_data["words"], self.cleaned_data["map_place"])


class ApproveForm(forms.Form):
    """The words and the place that the lead read, so that they agree to nothing else."""

    words = forms.CharField(max_length=LONGEST_WORDS)
    map_place = forms.CharField(max_length=120, required=False)
    kind = forms.CharField(max_length=24)
    for_home_page = forms.BooleanField(required=False)

    @property
    def read(self) -> PublicWords:
        if not self.is_valid():
            return PublicWords("")
        return PublicWords(self.cleaned_data["words"], self.cleaned_data["map_place"])

    @property
    def read_kind(self) -> str:
        return str(self.cleaned_data["kind"]) if self.is_valid() else ""

    @property
    def is_for_home_page(self) -> bool:
        return bool(self.is_valid() and self.cleaned_data["for_home_page"])
