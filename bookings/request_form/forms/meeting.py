"""The meeting place: described in words, picked from places nearby, or marked on our map."""

from typing import Any

from django import forms
from django.utils.functional import cached_property
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from bookings.request_form.forms.question import QuestionForm
from bookings.request_form.questions import Answer
from boroughs.geography.map_fields import MapPicker, MapPointField, Suggestions
from boroughs.geography.map_points import MapPoint
from boroughs.geography.places import Place, meeting_places, ward_middle
from boroughs.reference import borough_names
from walkandtalk.lib.govuk.layout import AnswerButton, DefaultButton, Layout, LayoutObject, Question


class MeetingPlaceForm(QuestionForm):
    answers_to = "meeting-place"
    template = "bookings/request_form/meeting-place.html"

    how = forms.ChoiceField(
        label=gettext_lazy("Where should we meet?"),
        help_text=gettext_lazy("A public place, not your home."),
        choices=[
            ("place", gettext_lazy("I have a place in mind")),
            ("suggest", gettext_lazy("Please suggest one")),
        ],
        widget=forms.RadioSelect,
        required=False,
    )
    place = forms.CharField(
        label=gettext_lazy("Meeting place"),
        help_text=gettext_lazy("For example, a station, library or park. Say which entrance."),
        max_length=500,
        required=False,
        widget=forms.Textarea,
        error_messages={"max_length": gettext_lazy("Meeting place must be 500 characters or fewer")},
    )
    suggested = forms.ChoiceField(
        label=gettext_lazy("Public places near there"), widget=forms.RadioSelect, required=False
    )
    map_point = MapPointField()
    remove_map_point = forms.BooleanField(label=gettext_lazy("Remove the point"), required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        choices = [(str(place), str(place)) for place in self.suggestions]
        self.fields["suggested"].choices = choices  # type: ignore[attr-defined]

    @cached_property
    def suggestions(self) -> tuple[Place, ...]:
        area = self.answers["area"]
        return meeting_places(area["borough"], area["ward"] or None, 9)

    @cached_property
    def saved_map_point(self) -> MapPoint | None:
        """Return the map point in the saved answer."""
        return MapPoint.from_list((self.answers.get(self.answers_to) or {}).get("map_point"))

    def begin_with(self, answer: Answer) -> dict[str, Any]:
        if not answer:
            return {}
        return {
            "how": "place" if answer["place"] else "suggest",
            "place": answer["place"],
            "map_point": answer.get("map_point"),
        }

    def question(self) -> LayoutObject:
        suggested = [Suggestions("suggested", box="place")] if self.suggestions else []
        remover = [Question("remove_map_point")] if self.saved_map_point else []
        place: list[LayoutObject] = [*suggested, self._map(), *remover]
        if self.is_alone:
            page: LayoutObject = Layout(
                DefaultButton(),
                AnswerButton("how", "suggest", _("Please suggest one")),
                Question("place", rows=2, optional=False, label=_("Or tell us a place")),
                *place,
            )
            return page
        hints = {"suggest": _("The team will choose a busy, well-lit place and tell you where it is.")}
        reveal: dict[str, LayoutObject] = {"place": Layout(Question("place", rows=3), *place)}
        return Question("how", optional=False, reveal=reveal, hints=hints)

    def _map(self) -> MapPicker:
        area = self.answers["area"]
        elsewhere = _("That isn’t in %(borough)s, which you chose. You can keep it: the team will see it.")
        return MapPicker(
            "map_point",
            borough=area["borough"],
            accepted=[area["borough"]],
            about=ward_middle(area["ward"]),
            elsewhere=elsewhere % {"borough": borough_names()[area["borough"]]},
        )

    def clean(self) -> dict[str, Any]:
        cleaned = self.cleaned_data
        coordinates = None if cleaned.get("remove_map_point") else cleaned.get("map_point")
        place = self._place(cleaned, coordinates)
        how = cleaned.get("how") or ("place" if place else "")
        if (how == "place" and not place and "place" not in self.errors) or (not how and "place" not in self.errors):
            self.add_error("place", _("Enter a meeting place, or ask us to suggest one"))
        return (
            {"how": how, "place": place, "map_point": coordinates}
            if how == "place"
            else {"how": how, "place": "", "map_point": None}
        )

    def _place(self, cleaned: dict[str, Any], coordinates: list[float] | None) -> str:
        """Return the suggested place with the requester's description. Describe a map point that has neither."""
        suggestion, description = cleaned.get("suggested", ""), cleaned.get("place", "")
        if suggestion and not description.startswith(suggestion):
            return f"{suggestion}, {description}" if description else suggestion
        map_point = MapPoint.from_list(coordinates)
        return description or (_("At the point on the map, %(near)s") % {"near": map_point.near} if map_point else "")

    def answer(self) -> Answer:
        # Never empty: "Please suggest one" is an answer too.
        return self.cleaned_data
