"""The area in London, found by the name of a place, a borough or a postcode."""

import re
from collections.abc import Mapping
from functools import cache
from typing import Any

from django import forms
from django.utils.html import format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from bookings.request_form.forms.question import QuestionForm
from bookings.request_form.questions import Answer
from boroughs.geography.places import Place, best_known_places, named_places, places_called, search_places
from boroughs.geography.postcodes import CITY_OF_LONDON, Location, locate
from boroughs.models.bcus import Borough
from boroughs.reference import borough_names
from boroughs.statements import Statements, statements
from walkandtalk.lib.govuk.layout import AnswerButtons, DefaultButton, Layout, LayoutObject, Question

MOST_FOUND = 8
PART_OF_POSTCODE = re.compile(r"[A-Za-z]{1,2}[0-9][0-9A-Za-z]?\s*[0-9]?[A-Za-z]?|.{101,}")


class AreaForm(QuestionForm):
    """Any place in London, in one box: its name, a borough or a postcode. Only the borough and the ward are kept.

    If several places have that name, each is a button. JavaScript lists places while the requester types.
    """

    answers_to = "area"
    template = "bookings/request_form/area.html"

    place = forms.CharField(
        label=gettext_lazy("Where would you like to walk?"),
        help_text=gettext_lazy(
            "The place that worries you, not where you live. Type a place, station, park, borough or postcode."
        ),
        max_length=100,
        widget=forms.TextInput(attrs={"autocomplete": "off", "spellcheck": "false", "list": "places"}),
        error_messages={
            "required": gettext_lazy("Enter a place, like Peckham, or a postcode"),
            "max_length": gettext_lazy("Place must be 100 characters or fewer"),
        },
    )
    found = forms.CharField(label=gettext_lazy("Which of these is it?"), required=False)

    def __init__(self, data: Mapping[str, Any] | None = None, **kwargs: Any) -> None:
        super().__init__(data, **kwargs)
        self.places: list[Place] = []

    def begin_with(self, answer: Answer) -> dict[str, Any]:
        return {"place": borough_names()[answer["borough"]]} if "borough" in answer else {}

    def question(self) -> LayoutObject:
        page: LayoutObject = Layout(DefaultButton(), Question("place", heading=True))
        return page

    def clean(self) -> dict[str, Any]:
        cleaned = self.cleaned_data
        text = cleaned.get("place", "")
        if cleaned.get("found") or not text:
            return cleaned
        location = locate(text)
        if location.status == "unknown":
            self.add_error("place", _("We can’t find this postcode. Check it, or enter the name of a place"))
        elif location.status != "malformed":
            cleaned["location"] = location
        elif len(called := places_called(text)) == 1:
            cleaned["found"] = _code(called[0])
        else:
            self._search(text)
        return cleaned

    def clean_found(self) -> str:
        found: str = self.cleaned_data["found"]
        if found and found not in _every_place():
            raise forms.ValidationError(_("Select one of the answers shown"))
        return found

    def _search(self, text: str) -> None:
        self.places = search_places(text, MOST_FOUND)
        if not self.places:
            looks_like_postcode = PART_OF_POSTCODE.fullmatch(text.strip())
            self.add_error(
                "place",
                _("Enter a full postcode, like SE15 4QL")
                if looks_like_postcode
                else _("We can’t find a place with that name in London. Try another name. Outside London? Call 101"),
            )
            return
        self.fields["found"].choices = [(_code(place), place.with_borough) for place in self.places]  # type: ignore[attr-defined]
        self.layout.questions.append(AnswerButtons("found", heading=False))
        self.button = _("Search again")

    @property
    def statements(self) -> Statements:
        return statements()

    @property
    def place_list(self) -> SafeString:
        return _place_list()

    def is_complete(self) -> bool:
        return self.is_valid() and bool(self.cleaned_data.get("location") or self.cleaned_data["found"])

    def answer(self) -> Answer:
        if location := self.cleaned_data.get("location"):
            return _area_of(location)
        borough, _colon, ward = self.cleaned_data["found"].partition(":")
        previous = self.answers.get("area") or {}
        if not ward and previous.get("borough") == borough:
            ward = previous["ward"]
        return _area(borough, ward)


@cache
def _place_list() -> SafeString:
    return format_html_join("", '<option value="{}">', ((place.with_borough,) for place in best_known_places()))


@cache
def _every_place() -> frozenset[str]:
    return frozenset(_code(place) for place in named_places())


class BoroughOrPostcodeForm(QuestionForm):
    """The area, as an inspector enters it. A postcode is looked up but not kept: only the borough and the ward are."""

    answers_to = "area"

    how = forms.ChoiceField(
        label=gettext_lazy("Where would you like to walk?"),
        help_text=gettext_lazy("The place that worries you, not where you live."),
        choices=[
            ("borough", gettext_lazy("I know the borough")),
            ("postcode", gettext_lazy("I know a postcode there")),
        ],
        widget=forms.RadioSelect,
        required=False,
    )
    borough = forms.ChoiceField(label=gettext_lazy("Borough"), required=False)
    postcode = forms.CharField(
        label=gettext_lazy("Postcode"),
        help_text=gettext_lazy("For example, SE15 4QL. We use it to find the right team. We don’t keep it."),
        required=False,
        widget=forms.TextInput(attrs={"autocomplete": "off", "autocapitalize": "characters", "spellcheck": "false"}),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        names = Borough.objects.order_by("name").values_list("gss", "name")
        self.fields["borough"].choices = [("", _("Choose a borough")), *names]  # type: ignore[attr-defined]

    def begin_with(self, answer: Answer) -> dict[str, Any]:
        return {"how": "borough", "borough": answer["borough"]} if "borough" in answer else {}

    def question(self) -> LayoutObject:
        reveal: dict[str, LayoutObject] = {
            "borough": Question("borough"),
            "postcode": Question("postcode", width="10"),
        }
        return Question("how", heading=True, optional=False, reveal=reveal)

    def clean(self) -> dict[str, Any]:
        """Accept a box filled in without its radio, because without JavaScript both boxes are always open."""
        cleaned = self.cleaned_data
        filled_in = [name for name in ("borough", "postcode") if cleaned.get(name)]
        cleaned["how"] = cleaned.get("how") or (filled_in[0] if len(filled_in) == 1 else "")
        if cleaned["how"] == "postcode":
            cleaned["location"] = self._located(cleaned.get("postcode", ""))
        elif cleaned["how"] == "borough" and not cleaned.get("borough"):
            self._missing("borough", _("Choose a borough"))
        elif not cleaned["how"]:
            self._missing("how", _("Choose how you would like to tell us the area"))
        return cleaned

    def _missing(self, field: str, sentence: str) -> None:
        if field not in self.errors:
            self.add_error(field, sentence)

    def _located(self, postcode: str) -> Location | None:
        location = locate(postcode)
        if not postcode.strip():
            self.add_error("postcode", _("Enter a postcode"))
        elif location.status == "malformed":
            self.add_error("postcode", _("Enter a full postcode, like SE15 4QL"))
        elif location.status == "unknown":
            self.add_error("postcode", _("We can’t find this postcode. Check it, or choose a borough instead"))
        return location

    def answer(self) -> Answer:
        match self.cleaned_data["how"]:
            case "postcode":
                return _area_of(self.cleaned_data["location"])
            case _:
                gss = self.cleaned_data["borough"]
                previous = self.answers.get("area") or {}
                return _area(gss, previous["ward"] if previous.get("borough") == gss else "")


def _area(borough_gss: str, ward_gss: str) -> Answer:
    """Return the answer for this area. Where another force runs its own scheme, the form ends there."""
    if borough_gss == CITY_OF_LONDON:
        return {"ends_at": "city"}
    return {"borough": borough_gss, "ward": ward_gss}


def _area_of(location: Location) -> Answer:
    if location.status == "outside":
        return {"ends_at": "not-london", "district": location.district, "force": location.force}
    return _area(location.borough, location.ward)


def _code(place: Place) -> str:
    return f"{place.borough}:{place.ward}"
