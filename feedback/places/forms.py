"""The filters of the list of repeated places."""

from collections.abc import Sequence
from urllib.parse import urlencode

from django import forms
from django.db.models import Q
from django.http import QueryDict

from boroughs import taxonomy
from boroughs.models.bcus import Borough
from walkandtalk.lib.plain_select import PlainSelect

FILTERS = ("borough", "kind")


class PlacesForm(forms.Form):
    borough = forms.ChoiceField(label="Borough", required=False, widget=PlainSelect)
    kind = forms.ChoiceField(label="Kind", required=False, widget=PlainSelect)
    after = forms.IntegerField(required=False, min_value=1)

    def __init__(self, data: QueryDict, *, boroughs: Sequence[Borough]) -> None:
        super().__init__(data)
        kinds = [(kind.code, kind.label) for kind in taxonomy.kinds().values()]
        self.fields["borough"].choices = [("", "All boroughs"), *((each.gss, each.name) for each in boroughs)]  # type: ignore[attr-defined]
        self.fields["kind"].choices = [("", "All kinds"), *kinds]  # type: ignore[attr-defined]
        self.is_valid()

    @property
    def line(self) -> list[forms.BoundField]:
        return [self[name] for name in FILTERS]

    @property
    def filters(self) -> dict[str, str]:
        """The filters that make sense. The others in the address are ignored."""
        return {name: value for name in FILTERS if (value := self.cleaned_data.get(name))}

    @property
    def address(self) -> str:
        return urlencode(self.filters)

    def rows(self) -> Q:
        filters = self.filters
        rows = Q(place__borough__gss=filters["borough"]) if "borough" in filters else Q()
        return rows & Q(kind=filters["kind"]) if "kind" in filters else rows
