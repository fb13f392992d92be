"""What an auditor searches for: typed into a form, then codes in an address."""

from collections.abc import Mapping
from typing import Any
from urllib.parse import urlencode

from django import forms
from django.core.exceptions import ValidationError
from django.http import QueryDict

from audit.search.bookings import NOT_FOUND, booking_with_id, booking_with_reference
from audit.search.people import MOST_PEOPLE, find_people, people_with_ids
from bookings.models.bookings import Booking
from bookings.triage.queue.forms import NOT_A_REFERENCE
from boroughs.models.officers import Officer
from walkandtalk.lib import london, tokens
from walkandtalk.lib.govuk.forms import SearchForm, SearchInput, ThreePartDateField
from walkandtalk.lib.govuk.layout import Layout, LayoutObject, Question

NOBODY_FOUND = "Nobody here has this name, email address or shoulder number. Check it"
TOO_MANY_FOUND = f"More than {MOST_PEOPLE} people fit. Enter more of the name, or the email address"


class PersonSearchForm(SearchForm):
    """Answered by an address with ids, so that neither a reference nor a name is in any address."""

    person = forms.CharField(
        label="Person",
        help_text="Name, email address or shoulder number",
        max_length=120,
        required=False,
        widget=SearchInput,
    )
    day = ThreePartDateField(label="Day", subject="Day", help_text="In London", required=False)

    def __init__(self, data: Mapping[str, Any] | None, *, user: Officer, **kwargs: Any) -> None:
        super().__init__(data, **kwargs)
        self.user = user
        self.people: list[Officer] = []

    def clean_person(self) -> str:
        text = str(self.cleaned_data["person"]).strip()
        self.people = find_people(self.user, text) if text else []
        if text and not self.people:
            raise ValidationError(NOBODY_FOUND)
        if len(self.people) > MOST_PEOPLE:
            raise ValidationError(TOO_MANY_FOUND)
        return text


class LooksSearchForm(PersonSearchForm):
    reference = forms.CharField(
        label="Booking reference",
        help_text="As people say it: spaces, dashes and small letters are fine",
        max_length=40,
        required=False,
        widget=SearchInput,
        error_messages={"max_length": NOT_A_REFERENCE},
    )
    booking: Booking | None = None

    def clean_reference(self) -> str:
        text = str(self.cleaned_data["reference"])
        if not text.strip():
            return ""
        reference = tokens.normalise_reference(text)
        if not reference:
            raise ValidationError(NOT_A_REFERENCE)
        self.booking = booking_with_reference(self.user, reference)
        if self.booking is None:
            raise ValidationError(NOT_FOUND)
        return reference

    @property
    def address(self) -> str:
        """The query string that shows what was found: ids and a day."""
        day = self.cleaned_data["day"]
        return search_address(self.people, self.booking, day.isoformat() if day is not None else "")

    def question(self) -> LayoutObject:
        return Layout(
            Question("person", size="s"), Question("reference", size="s", width="20"), Question("day", size="s")
        )


def search_address(people: list[Officer], booking: Booking | None, day: str) -> str:
    pairs = [("person", str(person.pk)) for person in people]
    pairs += [("booking", str(booking.pk))] if booking is not None else []
    return urlencode(pairs + ([("day", day)] if day else []))


class AskedForm(forms.Form):
    """The codes in the address. What makes no sense is left out, and the page says what it shows."""

    booking = forms.UUIDField(required=False)
    day = forms.DateField(required=False, input_formats=["%Y-%m-%d"])

    def __init__(self, data: QueryDict, *, user: Officer) -> None:
        super().__init__(data)
        self.is_valid()
        pks = [int(pk) for pk in data.getlist("person")[:MOST_PEOPLE] if pk.isascii() and pk.isdigit() and len(pk) < 10]
        asked_booking, asked_day = self.cleaned_data.get("booking"), self.cleaned_data.get("day")
        self.people = people_with_ids(user, pks)
        self.booking_asked_for = booking_with_id(user, asked_booking) if asked_booking is not None else None
        self.day_asked_for = asked_day if asked_day is not None and asked_day <= london.today() else None

    @property
    def address(self) -> str:
        day = self.day_asked_for
        return search_address(self.people, self.booking_asked_for, day.isoformat() if day is not None else "")

    def typed(self) -> dict[str, Any]:
        """Return what the search form shows."""
        return {
            "person": self.people[0].name if len(self.people) == 1 else "",
            "reference": self.booking_asked_for.spoken_reference if self.booking_asked_for is not None else "",
            "day": self.day_asked_for,
        }
