"""What an auditor looks for in the security log: typed into a form, then codes in an address."""

from typing import Any
from urllib.parse import urlencode

from django import forms
from django.db.models import Q
from django.http import QueryDict

from accounts.models import SecurityEventKind
from audit.periods import single_day
from audit.search.forms import PersonSearchForm
from audit.search.people import MOST_PEOPLE, people_with_ids
from boroughs.models.officers import Officer
from walkandtalk.lib import london
from walkandtalk.lib.govuk.layout import Layout, LayoutObject, Question

ANY_KIND = ("", "Anything")


class SecuritySearchForm(PersonSearchForm):
    kind = forms.ChoiceField(label="Event", choices=[ANY_KIND, *SecurityEventKind.choices], required=False)

    @property
    def address(self) -> str:
        """The query string that shows what was found."""
        day = self.cleaned_data["day"]
        return _address(self.people, self.cleaned_data["kind"], day.isoformat() if day is not None else "")

    def question(self) -> LayoutObject:
        return Layout(Question("person", size="s"), Question("kind", size="s"), Question("day", size="s"))


class AskedForm(forms.Form):
    """The codes in the address. What makes no sense is left out, and the page says what it shows."""

    kind = forms.ChoiceField(choices=SecurityEventKind.choices, required=False)
    day = forms.DateField(required=False, input_formats=["%Y-%m-%d"])
    after = forms.IntegerField(required=False, min_value=1, max_value=2**63 - 1)

    def __init__(self, data: QueryDict, *, user: Officer) -> None:
        super().__init__(data)
        self.is_valid()
        pks = [int(pk) for pk in data.getlist("person")[:MOST_PEOPLE] if pk.isascii() and pk.isdigit() and len(pk) < 10]
        day = self.cleaned_data.get("day")
        self.people = people_with_ids(user, pks)
        self.kind_asked_for = SecurityEventKind(self.cleaned_data["kind"]) if self.cleaned_data.get("kind") else None
        self.day_asked_for = day if day is not None and day <= london.today() else None
        self.cursor: int | None = self.cleaned_data.get("after")

    @property
    def address(self) -> str:
        """The query string of this list, without its page."""
        day = self.day_asked_for.isoformat() if self.day_asked_for is not None else ""
        return _address(self.people, self.kind_asked_for or "", day)

    def typed(self) -> dict[str, Any]:
        """Return what the search form shows."""
        return {
            "person": self.people[0].name if len(self.people) == 1 else "",
            "kind": self.kind_asked_for or "",
            "day": self.day_asked_for,
        }

    def rows(self) -> Q:
        """Return the lines of these people, or about their accounts, of this kind and of this day."""
        rows = Q()
        if self.people:
            rows &= Q(officer__in=self.people) | Q(subject__in=self.people)
        if self.kind_asked_for is not None:
            rows &= Q(kind=self.kind_asked_for)
        if self.day_asked_for is not None:
            day = single_day(self.day_asked_for)
            rows &= Q(at__gte=day.since, at__lt=day.until)
        return rows


def _address(people: list[Officer], kind: str, day: str) -> str:
    pairs = [("person", str(person.pk)) for person in people]
    return urlencode(pairs + [(name, value) for name, value in (("kind", str(kind)), ("day", day)) if value])
