"""Buttons that suggest meeting places. A press fills in the form, and saves nothing."""

from django import forms
from django.template import Context
from django.template.loader import render_to_string
from django.utils.safestring import SafeString

from walks.planning.meeting_places import SuggestedPlace

SUGGESTED_PLACE = "spot"


class MeetingPlaceButtons:
    PLACE = "meeting-spots"

    def __init__(self, spots: list[SuggestedPlace], sunset: str) -> None:
        self.spots = spots
        self.sunset = sunset

    def render(self, form: forms.BaseForm, context: Context) -> SafeString:
        if not self.spots:
            return SafeString()
        values = {"spots": self.spots, "sunset": self.sunset, "name": SUGGESTED_PLACE, "place": self.PLACE}
        return render_to_string("bookings/scheduling/meeting_place_buttons.html", values)
