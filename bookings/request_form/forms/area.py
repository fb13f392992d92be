"""The area in London, chosen by borough, postcode or place name."""

from collections.abc import Mapping
from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from bookings.request_form.forms.question import QuestionForm
from bookings.request_form.questions import Answer
from boroughs.geography.places import Place, place_with_borough, search_places
from boroughs.geography.postcodes import CITY_OF_LONDON, Location, locate
from boroughs.models.bcus import Borough
from walkandtalk.lib.govuk.layout import Layout, LayoutObject, Question


class AreaForm(QuestionForm):
    """The area to walk in. A postcode is looked up but not kept: only the borough and the ward are."""

    answers_to = "area"

    how = forms.ChoiceField(
        label=gettext_lazy("Where would you like to walk?"),
        help_text=gettext_lazy("The place that worries you, not where you live."),
        choices=[
            ("borough", gettext_lazy("I know the borough")),
            ("postcode", gettext_lazy("I know a postcode there")),
            ("not_sure", gettext_lazy("I am not sure")),
        ],
        widget=forms.RadioSelect,
        required=False,
    )
    borough = forms.ChoiceField(label=gettext_lazy("Borough"), required=False)
    postcode = forms.CharField(
        label=gettext_lazy("Postcode"),
        help_text=gettext_lazy("For example, SE15 4QL. We use it to find the right team. We do not keep it."),
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
        hints = {"not_sure": _("We can search by the name of a place.")}
        return Question("how", heading=True, optional=False, reveal=reveal, hints=hints)

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
            self.add_error("postcode", _("We cannot find this postcode. Check it, or choose a borough instead"))
        return location

    def answer(self) -> Answer:
        match self.cleaned_data["how"]:
            case "not_sure":
                return {"ends_at": "not-sure"}
            case "postcode":
                return _area_of(self.cleaned_data["location"])
            case _:
                gss = self.cleaned_data["borough"]
                previous = self.answers.get("area") or {}
                return _area(gss, previous["ward"] if previous.get("borough") == gss else "")


class NotSureForm(QuestionForm):
    """Search by place name, then choose a result. JavaScript adds suggestions while the requester types."""

    answers_to = "area"
    template = "bookings/request_form/not-sure.html"

    place = forms.CharField(
        label=gettext_lazy("What is the place called?"),
        help_text=gettext_lazy("A neighbourhood, station, park or library. For example, Peckham."),
        max_length=100,
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
        error_messages={
            "required": gettext_lazy("Enter the name of a place"),
            "max_length": gettext_lazy("Name of the place must be 100 characters or fewer"),
        },
    )
    found = forms.ChoiceField(
        label=gettext_lazy("Which of these is it?"),
        widget=forms.RadioSelect,
        required=False,
    )
    searched = forms.CharField(widget=forms.HiddenInput, required=False)
    picked = forms.CharField(widget=forms.HiddenInput, required=False)

    def __init__(self, data: Mapping[str, Any] | None = None, **kwargs: Any) -> None:
        name, searched, picked = (str((data or {}).get(field, "")) for field in ("place", "searched", "picked"))
        listed = place_with_borough(name) if name == picked else None
        self.is_search = name != searched and listed is None
        if data is not None:
            result = "" if self.is_search else data.get("found", "")
            data = {"place": name, "searched": name, "found": _code(listed) if listed else result}
        super().__init__(data, **kwargs)
        self.places = [listed] if listed else search_places(name, 12)
        choices = [(_code(place), place.with_borough) for place in self.places]
        self.fields["found"].choices = choices  # type: ignore[attr-defined]
        self.button = _("Continue") if self.places else _("Search")

    def begin_with(self, answer: Answer) -> dict[str, Any]:
        return {}

    def question(self) -> LayoutObject:
        results = [Question("found", optional=False)] if self.places else []
        page: LayoutObject = Layout(Question("place", heading=True), *results, Question("searched"), Question("picked"))
        return page

    def clean(self) -> dict[str, Any]:
        cleaned = self.cleaned_data
        if "place" not in self.errors and not self.places:
            self.add_error("place", _("We cannot find a place of that name in London. Try another name"))
        elif not (self.errors or self.is_search or cleaned["found"]):
            self.add_error("found", _("Choose one of these places, or search for another name"))
        return cleaned

    def is_complete(self) -> bool:
        return self.is_valid() and bool(self.cleaned_data["found"])

    def answer(self) -> Answer:
        borough, _colon, ward = self.cleaned_data["found"].partition(":")
        return _area(borough, ward)


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
