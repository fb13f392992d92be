"""When and where she would rather meet, asked on her page by the rules of the first asking."""

import datetime
from collections.abc import Mapping
from typing import Any

from django import forms
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy

from bookings.models.bookings import Booking
from bookings.request_form.booking_request import NewWish
from bookings.request_form.forms.when import WhenForm, still_possible
from bookings.request_form.questions import wishes
from boroughs.models.bcus import BoroughCommandUnit
from walkandtalk.lib.govuk.layout import Layout, LayoutObject, Question


class OtherTimesForm(WhenForm):
    """Begins with what she asked for, so far as it is still to come."""

    button = gettext_lazy("Ask for this")
    same_for_everybody = False

    meeting_place = forms.CharField(
        label=gettext_lazy("Where shall we meet?"),
        help_text=gettext_lazy("A public place, not your home. Leave it empty if we shall suggest one."),
        max_length=500,
        required=False,
        widget=forms.Textarea,
        error_messages={"max_length": gettext_lazy("Meeting place must be 500 characters or fewer")},
    )

    def __init__(self, data: Mapping[str, Any] | None = None, *, booking: Booking, today: datetime.date) -> None:
        self.booking = booking
        answers = _answers_of(booking)
        if not still_possible(answers, bcu=booking.bcu, today=today):
            answers["when"]["wishes"] = []
        super().__init__(data, answers=answers, today=today)
        self.initial["meeting_place"] = booking.contact.meeting_place

    @cached_property
    def bcu(self) -> BoroughCommandUnit:
        """Whoever has the booking now: it may have been handed over."""
        return self.booking.bcu

    def question(self) -> LayoutObject:
        page: LayoutObject = Layout(super().question(), Question("meeting_place", rows=3))
        return page

    def wish(self) -> NewWish:
        when = self.answer()
        return NewWish(
            wishes=wishes(when),
            weekday_evenings="weekday_evenings" in when["also"],
            weekends="weekends" in when["also"],
            meeting_place=self.cleaned_data["meeting_place"],
        )


def _answers_of(booking: Booking) -> dict[str, Any]:
    """What she asked for, as the questions of the first asking keep it."""
    also = {"weekday_evenings": booking.weekday_evenings, "weekends": booking.weekends}
    return {
        "area": {"borough": booking.borough.gss, "ward": booking.ward.gss if booking.ward else ""},
        "needs": {"needs": booking.contact.needs, "needs_details": booking.contact.needs_details},
        "when": {
            "wishes": [(wish.date.isoformat(), wish.start.isoformat("minutes")) for wish in booking.wishes_now()],
            "also": [name for name, chosen in also.items() if chosen],
        },
    }
