"""The forms of the inspector's queue."""

import datetime
from collections.abc import Iterable, Mapping
from typing import Any
from urllib.parse import urlencode
from uuid import UUID

from django import forms
from django.core.exceptions import ValidationError
from django.db.models import Q
from django.http import QueryDict

from bookings.decisions.list_address import FILTERS
from bookings.models.conditions import (
    ALL_TIMES_PASSED,
    CANCELLATION_UNACKNOWLEDGED,
    CHANGE_REQUEST_OPEN,
    NOBODY_CAME_NOT_CONTACTED,
    OPEN_SAFEGUARDING,
    READY_TO_SCHEDULE,
    STATUS_IS_OPEN,
    UNCLAIMED,
)
from bookings.statuses import Need, Status, TimeOfDay
from bookings.triage.queue.news import Known
from bookings.triage.queue.rows import WardOption
from walkandtalk.lib import tokens
from walkandtalk.lib.govuk.forms import SearchForm, SearchInput
from walkandtalk.lib.govuk.layout import LayoutObject, Question
from walkandtalk.lib.plain_select import PlainSelect

LONGEST_KNOWN = datetime.timedelta(hours=12)
"""Longer than any session: an older page hears of these hours only."""
NOT_A_REFERENCE = "A reference has 13 letters and numbers, like K7QX-M2PD-9TRWE"


class QueueForm(forms.Form):
    """The tab and the filters of the queue, and the row after which its page starts."""

    TABS = {
        "ready": ("Ready to schedule", READY_TO_SCHEDULE),
        "unconfirmed": ("Unconfirmed", Q(status=Status.WAITING, confirmed_at=None)),
        "mine": ("Mine", STATUS_IS_OPEN),
        "unassigned": ("Unassigned", STATUS_IS_OPEN & UNCLAIMED),
        "scheduled": ("Scheduled", Q(status=Status.SCHEDULED)),
        "open": ("All open", STATUS_IS_OPEN),
        "problems": ("Problems", Q(pk__in=[])),  # its rows are the alerts
    }
    PROBLEMS = {
        "safeguarding": ("Crime or safeguarding", OPEN_SAFEGUARDING),
        "has_open_change_request": ("Asked for another time", CHANGE_REQUEST_OPEN),
        "times_passed": ("All her times have passed", ALL_TIMES_PASSED),
        "unacknowledged": ("Cancelled and not told", CANCELLATION_UNACKNOWLEDGED),
        "nobody_came": ("Says that nobody came", NOBODY_CAME_NOT_CONTACTED),
        "not_mine": ("Says the request isn’t hers", Q(status=Status.NOT_MINE)),
    }
    STATES = TABS | PROBLEMS
    FIRST_TAB = "ready"
    ANY = "any"

    state = forms.ChoiceField(choices=[(code, label) for code, (label, _rows) in STATES.items()])
    borough = forms.ChoiceField(label="Borough", required=False, widget=PlainSelect)
    ward = forms.ChoiceField(label="Ward", required=False, widget=PlainSelect)
    time = forms.TypedChoiceField(
        label="Time of day",
        choices=[("", "Any time"), *TimeOfDay.choices],
        coerce=TimeOfDay,
        required=False,
        widget=PlainSelect,
    )
    needs = forms.ChoiceField(
        label="Needs",
        choices=[("", "Needs: any"), (ANY, "Has needs"), *Need.choices],
        required=False,
        widget=PlainSelect,
    )
    delivery_problems = forms.BooleanField(label="May not have our news", required=False)
    unread = forms.BooleanField(label="Not read yet", required=False)
    after = forms.UUIDField(required=False)

    def __init__(self, data: Mapping[str, Any], *, wards: Iterable[WardOption]) -> None:
        super().__init__(data)
        wards = list(wards)
        boroughs = {ward.borough_gss: ward.borough for ward in wards}
        ward_choices = [(ward.gss, f"{ward.name}, {ward.borough}") for ward in wards]
        self.fields["borough"].choices = [("", "All boroughs"), *boroughs.items()]  # type: ignore[attr-defined]
        self.fields["ward"].choices = [("", "All wards"), *ward_choices]  # type: ignore[attr-defined]

    @classmethod
    def read(cls, data: QueryDict, *, wards: Iterable[WardOption]) -> "QueueForm":
        """Ignore invalid filters in the URL, so that the queue shows more bookings, never fewer."""
        values = {"state": cls.FIRST_TAB, **data.dict()}
        form = cls(values, wards=wards)
        if form.is_valid():
            return form
        valid = {name: value for name, value in values.items() if name not in form.errors}
        form = cls({"state": cls.FIRST_TAB} | valid, wards=wards)
        form.is_valid()
        return form

    @property
    def line(self) -> list[forms.BoundField]:
        return [self[name] for name in FILTERS]

    @property
    def state_now(self) -> str:
        return str(self.cleaned_data["state"])

    @property
    def label_now(self) -> str:
        return self.STATES[self.state_now][0]

    @property
    def filters(self) -> dict[str, str]:
        """The filters besides the state, as in the URL: codes only, nothing personal."""
        return {name: str(self.data[name]) for name in FILTERS if self.cleaned_data.get(name)}

    @property
    def address(self) -> str:
        """The query string of this list, without its page."""
        return self.address_of(self.state_now)

    def address_of(self, state: str) -> str:
        """Return the query string of another tab with the same filters."""
        return urlencode({"state": state, **self.filters})

    def rows(self) -> Q:
        """Return the filters that the database can apply."""
        answers = self.cleaned_data
        rows = self.STATES[self.state_now][1]
        if answers["borough"]:
            rows &= Q(borough__gss=answers["borough"])
        if answers["ward"]:
            rows &= Q(ward__gss=answers["ward"])
        if answers["unread"]:
            rows &= Q(response_target__first_read_at=None, answered_at=None)
        return rows

    def matches_needs(self, needs: list[Need]) -> bool:
        return bool(needs) if self.cleaned_data["needs"] == self.ANY else self.cleaned_data["needs"] in needs


class FindBookingForm(SearchForm):
    """Find a booking by its reference."""

    reference = forms.CharField(
        label="Reference",
        max_length=40,
        widget=SearchInput,
        error_messages={"required": "Enter the reference", "max_length": NOT_A_REFERENCE},
    )

    def clean_reference(self) -> str:
        """Accept spaces, dashes and lower case."""
        reference = tokens.normalise_reference(self.cleaned_data["reference"])
        if not reference:
            raise ValidationError(NOT_A_REFERENCE)
        return reference

    def question(self) -> LayoutObject:
        return Question("reference", width="20")


class CursorForm(forms.Form):
    """The row after which a list page starts."""

    after = forms.UUIDField(required=False)

    def row(self) -> UUID | None:
        """Return the row's id, or None for the first page if the URL is invalid."""
        return self.cleaned_data["after"] if self.is_valid() else None


class KnownForm(forms.Form):
    """The contents of an open queue, as `Known.query_string` says it."""

    since = forms.IntegerField(min_value=0, max_value=2**40, required=False, help_text="In seconds since 1970.")
    rows = forms.RegexField(r"^[0-9a-f]{32}(\.[0-9a-f]{32}){0,99}$", required=False)

    @classmethod
    def read(cls, data: QueryDict, *, now: datetime.datetime) -> Known:
        """Read what the page knows. Without that it hears of nothing before now."""
        form = cls(data)
        if not form.is_valid() or form.cleaned_data["since"] is None:
            return Known(now, [])
        since = max(form.cleaned_data["since"], (now - LONGEST_KNOWN).timestamp())
        rows = [UUID(row) for row in form.cleaned_data["rows"].split(".") if row]
        return Known(datetime.datetime.fromtimestamp(min(since, now.timestamp()), datetime.UTC), rows)
