"""The forms of a day that can't go ahead: whose day and which, and what becomes of each walk."""

import datetime
import re
from collections.abc import Iterable, Mapping
from typing import Any
from urllib.parse import urlencode
from uuid import UUID

from django import forms
from django.core.exceptions import ValidationError
from django.http import QueryDict
from django.utils.text import get_text_list

from bookings.scheduling.adjustment_fields import ConfirmAdjustmentsFields
from bookings.scheduling.cancellation.actions import Cancellation
from bookings.scheduling.clear_a_day.actions import Replacement
from bookings.scheduling.clear_a_day.proposals import Proposal, WalkToClear, Way
from bookings.statuses import CancelReason
from bookings.triage.many.forms import Tick, TicksField
from boroughs.models.bcus import BoroughCommandUnit
from boroughs.models.officers import Officer
from walkandtalk.lib.govuk.forms import PageForm
from walkandtalk.lib.govuk.layout import Fold, Group, Layout, LayoutObject, Question
from walkandtalk.lib.london import clock
from walks.models.walks import Walk

_CODE = re.compile(r"(officers|time|cancel|leave):([0-9]{12})?:((?:[0-9]{1,9}(?:\.[0-9]{1,9})*)?)")


class DateInput(forms.DateInput):
    input_type = "date"

    def __init__(self) -> None:
        super().__init__(format="%Y-%m-%d")


class OfficersField(forms.MultipleChoiceField):
    """Officers by id. An empty id, as in the address of a day of the whole team, is nobody.

    An officer who no longer leads walks is left out, unless nobody would remain: that would be the whole team.
    """

    widget = forms.CheckboxSelectMultiple

    def to_python(self, value: Any) -> list[str]:
        asked = [pk for pk in super().to_python(value) if pk]
        known = [pk for pk in asked if self.valid_value(pk)]
        if asked and not known:
            raise ValidationError("These officers no longer lead walks. Choose others")
        return known


class DayForm(PageForm):
    """Who can’t walk, and on which day. Both are in the address. Without officers it is the whole team."""

    date = forms.DateField(label="Day", input_formats=["%Y-%m-%d"], widget=DateInput)

    def __init__(self, data: QueryDict, *, bcu: BoroughCommandUnit, today: datetime.date) -> None:
        super().__init__(data if "date" in data else None, initial={"officer": data.getlist("officer"), "date": today})
        leading = Officer.objects.who_can_be_assigned(bcu).order_by("name", "pk")
        self.leading = {str(officer.pk): officer for officer in leading}
        self.fields["officer"] = OfficersField(
            label="Officers who can’t walk that day",
            help_text="Tick nobody if the whole team can’t.",
            choices=[(pk, officer.display_name) for pk, officer in self.leading.items()],
            required=False,
        )
        self.bcu, self.today = bcu, today

    def question(self) -> LayoutObject:
        date = Question("date", size="s", width="10", optional=False)
        officers = Question("officer", size="s", small=True, optional=False)
        if self.date_chosen is None:
            return Layout(date, officers)
        return Layout(date, Fold(f"Who can’t walk: {self.away_names or 'the whole team'}", officers, fields=()))

    @property
    def date_chosen(self) -> datetime.date | None:
        """Return the day, or None if none is chosen. No walk of a day that has passed can be changed."""
        if not self.is_valid():
            return None
        chosen: datetime.date = self.cleaned_data["date"]
        return chosen if self.today <= chosen <= self.bcu.last_date(self.today) else None

    @property
    def away(self) -> list[Officer]:
        """Return the officers whose day it is, or nobody for the whole team."""
        chosen = self.cleaned_data["officer"] if self.is_valid() else []
        return [officer for pk, officer in self.leading.items() if pk in chosen]

    @property
    def away_names(self) -> str:
        """Return the officers in words, or "" for the whole team."""
        return get_text_list([officer.display_name for officer in self.away], "and")

    @property
    def address(self) -> str:
        return urlencode({"date": self.date_chosen or "", "officer": [officer.pk for officer in self.away]}, doseq=True)


class ClearDayForm(PageForm):
    """The choice of what happens to each walk. The best way is chosen already, if nobody is moved unasked."""

    button = "Make these changes and tell everyone"

    def __init__(self, data: Mapping[str, Any] | None, *, walks: Iterable[WalkToClear], day: DayForm) -> None:
        super().__init__(data)
        self.walks, self.day = list(walks), day
        self.needs = {to_clear.walk.pk: ConfirmAdjustmentsFields(to_clear.bookings) for to_clear in self.walks}
        for to_clear in self.walks:
            self._add(to_clear)
        self.fields["reason"] = forms.TypedChoiceField(
            label="Why are you cancelling?",
            help_text="Each woman reads: “We cancelled because …”",
            choices=CancelReason.choices,
            coerce=CancelReason,
            widget=forms.RadioSelect,
            initial=_usual_reason(day),
            required=False,
        )
        self.fields["words"] = forms.CharField(
            label="Anything else to tell them?",
            help_text="They’ll read this word for word.",
            max_length=1000,
            required=False,
            widget=forms.Textarea,
        )
        if day.away:
            self.fields["off_duty"] = forms.BooleanField(
                label=f"Mark {day.away_names} as off duty that day", required=False, initial=True
            )

    def _add(self, to_clear: WalkToClear) -> None:
        walk = to_clear.walk
        choices = [(proposal.code, proposal.label) for proposal in to_clear.proposals]
        self.fields[way_field(walk)] = WayField(
            label="What should happen to it?",
            choices=choices,
            initial=to_clear.proposed.code if to_clear.proposed else None,
            widget=forms.RadioSelect,
            error_messages={"required": f"Select what should happen to the walk at {clock(walk.start_at)}"},
        )
        self.fields[version_field(walk)] = forms.IntegerField(
            widget=forms.HiddenInput, initial=walk.version, min_value=1
        )
        shown = [str(Tick(booking.pk, booking.version)) for booking in to_clear.bookings]
        self.fields[bookings_field(walk)] = TicksField(initial=shown, required=False)
        self.needs[walk.pk].add_to(self)

    def clean(self) -> dict[str, Any]:
        answers: dict[str, Any] = super().clean() or self.cleaned_data
        ways = {to_clear.walk.pk: self._way(to_clear.walk, answers) for to_clear in self.walks}
        for to_clear in self.walks:
            way = ways[to_clear.walk.pk]
            if way is not None:
                self.needs[to_clear.walk.pk].clean(self, asks=way.way in (Way.OFFICERS, Way.TIME))
        if any(way is not None and way.way == Way.CANCEL for way in ways.values()) and not answers.get("reason"):
            self.add_error("reason", "Select why you’re cancelling")
        if not self.errors:
            answers["arranged"] = {pk: needs.take_from(answers) for pk, needs in self.needs.items()}
        return {**answers, "ways": ways}

    def _way(self, walk: Walk, answers: dict[str, Any]) -> Proposal | None:
        """Return what was chosen, or None without a valid choice. The action says whether it is still possible."""
        match = _CODE.fullmatch(answers.get(way_field(walk)) or "")
        if match is None:
            return None
        ids = [pk for pk in match[3].split(".") if pk]
        officers = tuple(self.day.leading[pk] for pk in ids if pk in self.day.leading)
        if len(officers) != len(ids):
            self.add_error(way_field(walk), f"Choose other officers for the walk at {clock(walk.start_at)}")
            return None
        start_at = None
        if match[2]:
            try:
                start_at = datetime.datetime.strptime(match[2], "%Y%m%d%H%M").replace(tzinfo=datetime.UTC)
            except ValueError:
                return None
        return Proposal(way=Way(match[1]), officers=officers, start_at=start_at)

    # --- What was decided ---------------------------------------------------------------------------------------------

    def way_of(self, walk: Walk) -> Proposal:
        way: Proposal = self.cleaned_data["ways"][walk.pk]
        return way

    def version_of(self, walk: Walk) -> int:
        return int(self.cleaned_data[version_field(walk)])

    def shown_bookings(self, walk: Walk) -> dict[UUID, int]:
        """Return the version of each booking that the page showed."""
        ticks: list[Tick] = self.cleaned_data[bookings_field(walk)]
        return {tick.pk: tick.version for tick in ticks}

    def replacement(self, walk: Walk) -> Replacement:
        way = self.way_of(walk)
        return Replacement(
            officers=way.officers, start_at=way.start_at, arranged=self.cleaned_data["arranged"][walk.pk]
        )

    def cancellation(self) -> Cancellation:
        return Cancellation(reason=self.cleaned_data["reason"], message=self.cleaned_data["words"])

    @property
    def is_off_duty(self) -> bool:
        return bool(self.cleaned_data.get("off_duty"))

    def question(self) -> LayoutObject:
        groups = [
            Group(
                to_clear.title,
                Question(
                    way_field(to_clear.walk),
                    size="s",
                    small=True,
                    hint=to_clear.hint,
                    hints={proposal.code: proposal.why for proposal in to_clear.proposals if proposal.why},
                ),
                self.needs[to_clear.walk.pk].question(),
            )
            for to_clear in self.walks
        ]
        duty = [Question("off_duty")] if self.day.away else []
        cancelled = Group(
            "If you cancel any", Question("reason", size="s", small=True, optional=False), Question("words", rows=3)
        )
        layout: LayoutObject = Layout(*groups, cancelled, *duty)
        return layout


def _usual_reason(day: DayForm) -> CancelReason | None:
    """Return the reason that is chosen already. With several officers any may be untrue, and she reads it."""
    if not day.away:
        return CancelReason.CALLED_AWAY
    return CancelReason.ILLNESS if len(day.away) == 1 else None


class WayField(forms.ChoiceField):
    """Accept each code that makes sense: what was proposed may have changed since, and the action says so."""

    def valid_value(self, value: Any) -> bool:
        return _CODE.fullmatch(str(value)) is not None


def way_field(walk: Walk) -> str:
    return f"way_{walk.pk.hex}"


def version_field(walk: Walk) -> str:
    return f"version_{walk.pk.hex}"


def bookings_field(walk: Walk) -> str:
    return f"bookings_{walk.pk.hex}"
