"""The form on the requester's page for other times or another place, under the same rules as a request."""

import datetime
from collections.abc import Mapping
from typing import Any

from django import forms
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy

from bookings.models.bookings import Booking
from bookings.request_form.booking_request import PreferredTimeRequest, RequestedTime
from bookings.request_form.forms.pick_times import PickTimesForm
from bookings.request_form.forms.when import keep_possible_times
from bookings.request_form.questions import preferred_times, saved_time
from boroughs.models.bcus import BoroughCommandUnit
from walkandtalk.lib.govuk.layout import Layout, LayoutObject, Question


class OtherTimesForm(PickTimesForm):
    """Other times, starting from those of the requester's preferred times that are still possible."""

    button = gettext_lazy("Ask for these times")
    is_cacheable = False
    is_whole_page = False

    meeting_place = forms.CharField(
        label=gettext_lazy("Where should we meet?"),
        help_text=gettext_lazy("A public place, not your home. Leave this empty if you’d like us to suggest one."),
        max_length=500,
        required=False,
        widget=forms.Textarea,
        error_messages={"max_length": gettext_lazy("Meeting place must be 500 characters or fewer")},
    )

    def __init__(self, data: Mapping[str, Any] | None = None, *, booking: Booking, today: datetime.date) -> None:
        self.booking = booking
        answers = _answers_of(booking)
        if not keep_possible_times(answers, bcu=booking.bcu, today=today):
            answers["when"]["preferred_times"] = []
        super().__init__(data, answers=answers, today=today)
        self.initial["meeting_place"] = booking.contact.meeting_place

    @cached_property
    def bcu(self) -> BoroughCommandUnit:
        """The BCU that has the booking now, because it may have been handed over."""
        return self.booking.bcu

    def question(self) -> LayoutObject:
        page: LayoutObject = Layout(super().question(), Question("meeting_place", rows=3))
        return page

    def preferred_time(self) -> PreferredTimeRequest:
        when = self.answer()
        return PreferredTimeRequest(
            preferred_times=preferred_times(when),
            weekday_evenings="weekday_evenings" in when["also"],
            weekends="weekends" in when["also"],
            meeting_place=self.cleaned_data["meeting_place"],
        )


def _answers_of(booking: Booking) -> dict[str, Any]:
    """Return the requester's answers as the questions of the request form keep them."""
    also = {"weekday_evenings": booking.contact.weekday_evenings, "weekends": booking.contact.weekends}
    return {
        "area": {"borough": booking.borough.gss, "ward": booking.ward.gss if booking.ward else ""},
        "needs": {"needs": booking.contact.needs, "needs_details": booking.contact.needs_details},
        "when": {
            "preferred_times": [
                saved_time(
                    RequestedTime(
                        date=preferred_time.date,
                        start=preferred_time.start,
                        part=preferred_time.part,
                        is_regular=preferred_time.is_regular,
                    )
                )
                for preferred_time in booking.current_preferred_times()
            ],
            "also": [name for name, chosen in also.items() if chosen],
        },
    }
