"""Forms to list, find, hand over, screen and merge concerns."""

from collections.abc import Mapping, Sequence
from datetime import date, time, timedelta
from typing import Any
from urllib.parse import urlencode

from django import forms
from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db.models import Q
from django.http import QueryDict

from bookings.decisions.forms import DecisionForm
from bookings.triage.queue.rows import WardOption
from boroughs import taxonomy
from boroughs.models.officers import Officer
from feedback.concerns.actions import Acceptance
from feedback.models.concerns import Concern
from feedback.statuses import State
from walkandtalk.lib import london
from walkandtalk.lib.govuk.forms import SearchForm, SearchInput, ThreePartDateField
from walkandtalk.lib.govuk.layout import Layout, LayoutObject, Question
from walkandtalk.lib.plain_select import PlainSelect

YEAR = timedelta(days=366)
SHORTEST_WORDS = 3
ISO_DATE = "%Y-%m-%d"
CONDUCT_HINT = (
    "We’ll send it to professional standards and delete her words here. Nobody in the team can open it after that, and "
    "you can’t undo it."
)
NO_CONDUCT_INBOX_HINT = (
    "If it’s about an officer’s conduct too. Give her words to professional standards first, and enter their reference."
)
REPORTABLE = [MinValueValidator(date(2000, 1, 1)), MaxValueValidator(date(2099, 12, 31))]


class DayInput(forms.DateInput):
    input_type = "date"

    def __init__(self) -> None:
        super().__init__(format=ISO_DATE)


class OfficerField(forms.ModelChoiceField):  # type: ignore[type-arg]  # Django's own takes no type when it runs
    def label_from_instance(self, obj: Officer) -> str:
        return obj.display_name


class ScreenForm(DecisionForm):
    """The outcome of screening, decided by an inspector who was not on the walk."""

    button = "Save"

    OUTCOMES = {
        "accept": "We’ll look into it",
        "no_action": "We can’t change it",
        "divert": "It’s for another team: a crime, a child at risk or a named person",
    }
    CONDUCT = {"conduct": "It’s about an officer’s conduct"}
    NOT_YET = {"screening": "I’m still checking it"}

    outcome = forms.ChoiceField(
        label="What happens to it?",
        widget=forms.RadioSelect,
        choices=list((OUTCOMES | CONDUCT | NOT_YET).items()),
        error_messages={"required": "Select what happens to this concern"},
    )
    review_date = ThreePartDateField(label="Review date", subject="The review date", required=False)
    reason = forms.CharField(
        label="Why not?",
        help_text="She reads this after “We can’t change this, because”.",
        widget=forms.Textarea,
        max_length=1000,
        required=False,
    )
    external_reference = forms.CharField(
        label="Their reference",
        help_text="A crime or referral number. Her words are deleted here, so give them to that team first.",
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
        outcomes = self.OUTCOMES | (self.CONDUCT if settings.CONDUCT_INBOX else {})
        if concern.state == State.REPORTED:
            outcomes |= self.NOT_YET
        self.fields["outcome"].choices = list(outcomes.items())  # type: ignore[attr-defined]

    def question(self) -> LayoutObject:
        hints = {"conduct": CONDUCT_HINT} if settings.CONDUCT_INBOX else {"divert": NO_CONDUCT_INBOX_HINT}
        return Question(
            "outcome",
            hints=hints,
            reveal={
                "accept": Layout(Question("owner"), Question("review_date")),
                "no_action": Question("reason", rows=3),
                "divert": Question("external_reference", width="20"),
            },
        )

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        needed = {
            "accept": {"owner": "Select who looks after it", "review_date": "Enter the review date"},
            "no_action": {"reason": "Enter why we can’t change this. She’ll read it"},
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


class HandOverForm(DecisionForm):
    """The colleague who owns the concern from now on."""

    button = "Hand over"

    def __init__(self, *args: Any, concern: Concern, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        owner = concern.current_owner
        possible = concern.possible_owners()
        self.fields["owner"] = OfficerField(
            possible.exclude(pk=owner.pk) if owner else possible,
            label="Who looks after it now?",
            widget=forms.RadioSelect,
            empty_label=None,
            error_messages={
                "required": "Select who looks after it now",
                "invalid_choice": "Select an inspector who can open this concern and wasn’t on the walk",
            },
        )

    def question(self) -> LayoutObject:
        return Question("owner")

    @property
    def new_owner(self) -> Officer:
        owner: Officer = self.cleaned_data["owner"]
        return owner


class ConcernSearchForm(SearchForm):
    words = forms.CharField(
        label="Search concerns",
        help_text="Reference of the concern or the booking, ward or borough of the walk, or kind of concern",
        max_length=80,
        widget=SearchInput,
        error_messages={"required": "Enter what you’re looking for"},
    )

    def clean_words(self) -> str:
        words = " ".join(str(self.cleaned_data["words"]).split())
        if len(words) < SHORTEST_WORDS:
            raise ValidationError(f"Enter at least {SHORTEST_WORDS} letters")
        return words

    def question(self) -> LayoutObject:
        return Question("words", heading=True, size="l")


class ListForm(forms.Form):
    """The tab and the filters of the list, and the last concern of the page before. The address holds only codes."""

    TABS = {
        "to_check": "To check",
        "open": "Being looked into",
        "mine": "Mine",
        "nobodys": "Nobody’s",
        "ended": "Ended",
        "all": "All",
    }
    FIRST_TAB = "to_check"
    WAITING_TABS = ("to_check", "open", "mine", "nobodys")
    """The tabs whose number says how much there is to do."""
    SAFE_PLACE = "safe"
    GROUP = "all-"

    show = forms.ChoiceField(choices=list(TABS.items()))
    kind = forms.ChoiceField(label="Kind", required=False, widget=PlainSelect)
    ward = forms.ChoiceField(label="Ward", required=False, widget=PlainSelect)
    owner = forms.ChoiceField(label="Owner", required=False, widget=PlainSelect)
    since = forms.DateField(
        label="Reported from", required=False, input_formats=[ISO_DATE], widget=DayInput, validators=REPORTABLE
    )
    until = forms.DateField(
        label="to", required=False, input_formats=[ISO_DATE], widget=DayInput, validators=REPORTABLE
    )
    after = forms.UUIDField(required=False)

    def __init__(self, data: Mapping[str, Any], *, wards: Sequence[WardOption], owners: Sequence[Officer]) -> None:
        super().__init__(data)
        ward_choices = [(ward.gss, f"{ward.name}, {ward.borough}") for ward in wards]
        owner_choices = [(str(owner.pk), owner.name_with_rank) for owner in owners]
        self.fields["kind"].choices = [("", "All kinds"), *_kind_choices()]  # type: ignore[attr-defined]
        self.fields["ward"].choices = [("", "All wards"), *ward_choices]  # type: ignore[attr-defined]
        self.fields["owner"].choices = [("", "All owners"), *owner_choices]  # type: ignore[attr-defined]

    @classmethod
    def read(cls, data: QueryDict, *, wards: Sequence[WardOption], owners: Sequence[Officer]) -> "ListForm":
        """Ignore invalid filters in the address, so that the list shows more concerns, never fewer."""
        values = {"show": cls.FIRST_TAB, **data.dict()}
        form = cls(values, wards=wards, owners=owners)
        if form.is_valid():
            return form
        valid = {name: value for name, value in values.items() if name not in form.errors}
        form = cls({"show": cls.FIRST_TAB} | valid, wards=wards, owners=owners)
        form.is_valid()
        return form

    @property
    def shown(self) -> str:
        return str(self.cleaned_data["show"])

    @property
    def line(self) -> list[forms.BoundField]:
        return [self[name] for name in FILTERS]

    @property
    def filters(self) -> dict[str, str]:
        return {name: str(self.data[name]) for name in FILTERS if self.cleaned_data.get(name)}

    @property
    def address(self) -> str:
        """The query string of this list, without its page."""
        return self.address_of(self.shown)

    def address_of(self, tab: str) -> str:
        """Return the query string of another tab with the same filters."""
        return urlencode({"show": tab, **self.filters})

    def rows(self) -> Q:
        """Return the filters, except the tab."""
        answers, rows = self.cleaned_data, Q()
        kind: str = answers["kind"]
        if kind == self.SAFE_PLACE:
            rows &= Q(safe_place=True)
        elif kind.startswith(self.GROUP):
            rows &= Q(kind__in=[code for code, _label in taxonomy.choices(kind.removeprefix(self.GROUP))])
        elif kind:
            rows &= Q(kind=kind)
        if answers["ward"]:
            rows &= Q(report__ward__gss=answers["ward"])
        if answers["owner"]:
            rows &= Q(owner=answers["owner"])
        if answers["since"]:
            rows &= Q(reported_at__gte=london.first_instant(answers["since"], time()))
        if answers["until"]:
            rows &= Q(reported_at__lt=london.first_instant(answers["until"] + timedelta(days=1), time()))
        return rows


FILTERS = ("kind", "ward", "owner", "since", "until")


def _kind_choices() -> list[tuple[str, str | list[tuple[str, str]]]]:
    """Return the kinds by group, each group with a choice for all of it, and the good spots."""
    groups: list[tuple[str, str | list[tuple[str, str]]]] = []
    for group, label in taxonomy.GROUPS.items():
        kinds = taxonomy.choices(group)
        everything = [(f"{ListForm.GROUP}{group}", f"All: {label}")] if len(kinds) > 1 else []
        groups.append((str(label), [*everything, *kinds]))
    return [*groups, (ListForm.SAFE_PLACE, taxonomy.label(taxonomy.SAFE_PLACE))]
