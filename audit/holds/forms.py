"""The forms of legal holds."""

from typing import Any

from django import forms
from django.core.exceptions import ValidationError

from audit.downloads.forms import LONGEST_REASON, one_line
from audit.search.bookings import NOT_FOUND, booking_with_reference
from bookings.models.bookings import Booking
from bookings.retention.holds import LONGEST_HOLD, Hold
from bookings.triage.queue.forms import FindBookingForm
from boroughs.models.officers import Officer
from walkandtalk.lib import london
from walkandtalk.lib.govuk.forms import PageForm, ThreePartDateField
from walkandtalk.lib.govuk.layout import Layout, LayoutObject, Question


class FindHeldBookingForm(FindBookingForm):
    """Find a booking by its reference, to hold its erasure."""

    def __init__(self, data: Any = None, *, user: Officer) -> None:
        super().__init__(data)
        self.user = user
        self.booking: Booking | None = None

    def clean_reference(self) -> str:
        reference = super().clean_reference()
        self.booking = booking_with_reference(self.user, reference)
        if self.booking is None:
            raise ValidationError(NOT_FOUND)
        return reference


class HoldForm(PageForm):
    reason = forms.CharField(
        label="Why must her details be kept?",
        help_text="In one line, with the number of the case. Only auditors read it. Don’t name the requester.",
        max_length=LONGEST_REASON,
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
        error_messages={"required": "Enter why her details must be kept"},
    )
    until = ThreePartDateField(
        label="Until", subject="Last day", help_text="The last day. At most a year from today; you can renew it."
    )

    def __init__(self, data: Any = None, *, is_renewal: bool, **kwargs: Any) -> None:
        super().__init__(data, **kwargs)
        self.button = "Renew the hold" if is_renewal else "Hold the erasure"

    def clean_reason(self) -> str:
        return one_line(self.cleaned_data["reason"])

    def clean_until(self) -> Any:
        until, today = self.cleaned_data["until"], london.today()
        if until < today:
            raise ValidationError("Last day must be today or later")
        if until > today + LONGEST_HOLD:
            raise ValidationError(f"Last day must be {london.long_date(today + LONGEST_HOLD)} or earlier")
        return until

    def hold(self) -> Hold:
        return Hold(until=self.cleaned_data["until"], reason=self.cleaned_data["reason"])

    def question(self) -> LayoutObject:
        return Layout(Question("reason"), Question("until"))
