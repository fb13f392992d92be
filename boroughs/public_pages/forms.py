"""Forms that find a visitor's area, and the poster that she came from."""

from django import forms
from django.core.exceptions import ValidationError
from django.http import QueryDict
from django.utils.translation import gettext_lazy as _

from boroughs.geography.places import Place, place_with_borough, search_places
from boroughs.posters.sources import is_source
from walkandtalk.lib.govuk.forms import PageForm
from walkandtalk.lib.govuk.layout import LayoutObject, Question

PLACES_SHOWN = 12


class SourceForm(forms.Form):
    """The poster that a visitor scanned. The address in its QR code ends in `?from=southwark`, or a place's code."""

    source = forms.SlugField(max_length=50)

    def add_prefix(self, field_name: str) -> str:
        return "from"

    def clean_source(self) -> str:
        code: str = self.cleaned_data["source"]
        if not is_source(code):
            raise ValidationError("unknown", code="unknown")
        return code

    @classmethod
    def read(cls, data: QueryDict) -> str:
        """Return the code of the poster, or "" if the address has none or an unknown one."""
        if "from" not in data:
            return ""
        form = cls(data)
        return form.cleaned_data["source"] if form.is_valid() else ""


class AreaSearchForm(PageForm):
    """Searches for a place, to find its borough."""

    method = "get"
    button = _("Search")
    button_style = "secondary"

    place = forms.CharField(
        label=_("Search for a place"),
        help_text=_("A neighbourhood, borough, station, park or library. For example, Peckham."),
        max_length=100,
        required=False,
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
        error_messages={"max_length": _("Place must be 100 characters or fewer")},
    )

    def question(self) -> LayoutObject:
        return Question("place", optional=False)

    def borough_picked(self) -> str:
        """Return the borough's ONS code if the text is exactly one place of the list: nothing is left to choose."""
        place = place_with_borough(self.cleaned_data["place"]) if self.is_valid() else None
        return place.borough if place else ""

    def places(self) -> list[Place]:
        return search_places(self.cleaned_data["place"], PLACES_SHOWN) if self.is_valid() else []
