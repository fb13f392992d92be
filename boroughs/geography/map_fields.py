"""Form fields for a point on our own map. They also work without the map."""

from collections.abc import Iterable
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.template import Context
from django.template.loader import render_to_string
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from boroughs.geography.map_points import InvalidMapPoint, MapPoint, map_file
from boroughs.geography.places import Place
from walkandtalk.lib.govuk.layout import Question

Choices = list[tuple[str, str]]
LONGEST = 40


class MapPointField(forms.CharField):
    """Gives [latitude, longitude], or None. The input is text such as "51.47001,-0.06802"."""

    widget: type[forms.Widget] = forms.HiddenInput
    default_error_messages = {
        "invalid": gettext_lazy("The point must be in London. Put it somewhere else, or remove it"),
    }

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(max_length=LONGEST, required=False, **kwargs)
        self.error_messages["max_length"] = self.error_messages["invalid"]

    def prepare_value(self, value: object) -> object:
        return str(MapPoint.from_list(value)) if isinstance(value, list) else value

    def clean(self, value: Any) -> Any:
        try:
            map_point = MapPoint.parse(super().clean(value))
        except InvalidMapPoint:
            raise ValidationError(self.error_messages["invalid"], code="invalid") from None
        return map_point.as_list if map_point else None


class MapPointChoiceField(MapPointField):
    """A map point from a list. With JavaScript, any point of the map can be chosen."""

    widget: type[forms.Widget] = forms.Select
    choices: Choices = []


def map_point_choices(kept: dict[str, MapPoint], places: Iterable[Place], posted: object) -> Choices:
    """Return choices: no point, the points kept so far, the places, and the posted point if it is not among these."""
    choices = {"": "No point, the words alone"}
    for place_name, map_point in kept.items():
        choices.setdefault(str(map_point), f"{place_name}, {map_point.near}")
    for place in places:
        choices.setdefault(str(MapPoint(place.lat, place.lon)), str(place))
    if posted:
        choices.setdefault(str(posted), "The spot on the map")
    return list(choices.items())


class MapPicker:
    """A button that opens the map, which writes into the field. Hidden without JavaScript."""

    def __init__(self, field: str, *, borough: str, accepted: list[str], about: str = "", elsewhere: str) -> None:
        """Start the map at `about` if there is no point. Show `elsewhere` for points outside `accepted` boroughs."""
        self.field = field
        self.values = {
            "src": map_file(borough),
            "borough": borough,
            "accepted": " ".join(accepted),
            "about": about,
            "elsewhere": elsewhere,
        }

    def render(self, form: forms.BaseForm, context: Context) -> SafeString:
        bound = form[self.field]
        return render_to_string(
            "boroughs/maps/picker.html", {**self.values, "input": bound.auto_id, "map_point": bound.value()}
        )


class Suggestions:
    """Places to choose from. With JavaScript they become buttons that write into the box."""

    def __init__(self, field: str, *, box: str) -> None:
        self.field = field
        self.box = box

    def render(self, form: forms.BaseForm, context: Context) -> SafeString:
        question = Question(self.field, small=True, optional=False, size="s").render(form, context)
        written = _("“%(place)s” is in the box now. You can add which entrance.")
        box = form[self.box].auto_id
        return format_html('<div data-suggestions="{}" data-written="{}">{}</div>', box, written, question)


def describe_map_point(map_point: MapPoint) -> str:
    return _("A point on the map, %(near)s") % {"near": map_point.near}
