"""The page on which an inspector says which place a concern is about, if she did not put a point on the map."""

from collections.abc import Iterable
from typing import Any

from django import forms
from django.http import HttpResponse

from bookings.decisions.forms import DecisionForm
from boroughs.geography.map_fields import MapPicker, MapPointChoiceField, map_point_choices
from boroughs.geography.map_points import MapPoint
from boroughs.geography.places import meeting_places
from boroughs.models.bcus import Borough
from feedback.concerns.actions import say_where
from feedback.concerns.views import ConcernDecisionPage
from feedback.models.concerns import Concern
from feedback.models.places import ReportedPlace
from feedback.permissions import can_say_where
from walkandtalk.lib.govuk.layout import Layout, LayoutObject, Question

KNOWN_PLACES_SHOWN = 40


class PlaceForm(DecisionForm):
    """A place that women have named before, a public place, or any point on the map."""

    button = "Save"

    point = MapPointChoiceField(
        label="Which place is it about?", help_text="Choose the nearest one, or put a point on the map."
    )

    def __init__(self, *args: Any, borough: Borough, known: Iterable[ReportedPlace], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.borough = borough
        points = {place.name: place.map_point for place in known}
        posted = self.data.get("point") if self.is_bound else None
        field = self.fields["point"]
        _none, *places = map_point_choices(points, meeting_places(borough.gss), posted)
        field.choices = [("", "Choose a place"), *places]  # type: ignore[attr-defined]
        field.widget.choices = field.choices  # type: ignore[attr-defined]

    def question(self) -> LayoutObject:
        gss = [borough.gss for borough in self.borough.bcu.boroughs.all()] if self.borough.bcu else []
        elsewhere = "Another team looks after that borough."
        picker = MapPicker("point", borough=self.borough.gss, accepted=gss, elsewhere=elsewhere)
        layout: LayoutObject = Layout(Question("point", optional=False), picker)
        return layout

    def clean_point(self) -> MapPoint:
        point = MapPoint.from_list(self.cleaned_data["point"])
        if point is None:
            raise forms.ValidationError("Select a place, or put a point on the map")
        return point

    @property
    def chosen(self) -> MapPoint:
        point: MapPoint = self.cleaned_data["point"]
        return point


class PlacePage(ConcernDecisionPage[PlaceForm]):
    template_name = "feedback/concerns/place.html"

    def version_of(self, concern: Concern) -> int:
        return concern.version

    def is_closed(self, concern: Concern) -> bool:
        return not can_say_where(self.request.user, concern)

    def get_form(self, concern: Concern) -> PlaceForm:
        known = ReportedPlace.objects.visible_to(self.request.user).filter(borough=concern.borough)
        shown = known.order_by("name", "pk")[:KNOWN_PLACES_SHOWN]
        return PlaceForm(self.posted(), borough=concern.borough, known=shown, initial=self.initial(concern))

    def context(self, concern: Concern, form: PlaceForm) -> dict[str, Any]:
        return {"concern": concern}

    def decide(self, concern: Concern, form: PlaceForm) -> HttpResponse:
        say_where(concern, form.chosen, by=self.request.user, version=form.shown_version)
        return self.done("Saved. It counts with the others at that place.")
