"""The form with which an inspector makes a poster for one place."""

from typing import Any

from django import forms
from django.utils.html import format_html_join
from django.utils.safestring import SafeString

from boroughs.geography.places import meeting_places
from boroughs.models.bcus import Borough, BoroughCommandUnit
from boroughs.models.posters import LONGEST_NAME
from walkandtalk.lib.govuk.forms import PageForm

EVERY_PLACE = 1000


class PosterPlaceForm(PageForm):
    button = "Make the poster"

    borough = forms.ModelChoiceField(
        label="Borough",
        queryset=Borough.objects.none(),
        widget=forms.RadioSelect,
        empty_label=None,
        error_messages={"required": "Select the borough"},
    )
    name = forms.CharField(
        label="Where will it hang?",
        help_text="For example, Brixton Library. It isn’t on the poster. A woman who scanned it and asked for a walk "
        "can read it in the copy of her details.",
        max_length=LONGEST_NAME,
        widget=forms.TextInput(attrs={"autocomplete": "off", "list": "poster-places"}),
        error_messages={
            "required": "Enter where it will hang",
            "max_length": f"Where it will hang must be {LONGEST_NAME} characters or fewer",
        },
    )

    def __init__(self, data: Any = None, *, bcu: BoroughCommandUnit, **kwargs: Any) -> None:
        super().__init__(data, **kwargs)
        self.boroughs = bcu.boroughs.order_by("name")
        self.fields["borough"].queryset = self.boroughs  # type: ignore[attr-defined]

    @property
    def chosen_borough(self) -> Borough:
        borough: Borough = self.cleaned_data["borough"]
        return borough

    @property
    def chosen_name(self) -> str:
        return " ".join(self.cleaned_data["name"].split())

    def place_list(self) -> SafeString:
        """Return the libraries and stations of the BCU, for the browser to suggest."""
        places = [place for borough in self.boroughs for place in meeting_places(borough.gss, limit=EVERY_PLACE)]
        names = sorted({str(place) for place in places if place.kind != "park"})
        return format_html_join("", '<option value="{}">', ((name,) for name in names))
