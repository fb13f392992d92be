"""The bookings that an inspector ticked in the queue, and what each act on many of them asks once."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django import forms
from django.core.exceptions import ValidationError
from django.http import QueryDict
from django.utils.functional import cached_property

from bookings.triage.claims.forms import ColleagueNoteForm
from bookings.triage.decline.forms import DeclineForm
from bookings.triage.handover.forms import HandOverForm
from walkandtalk.lib.govuk.forms import PageForm
from walkandtalk.lib.govuk.layout import Layout

MOST_TICKED = 50
"""As many as one page of the queue shows."""

LOOK, SAVE = "look", "yes"
"""The values of `save`, the press on the page of an act: show what they will read, or do it."""

CHANGE = "change"
"""The button that leads back from what they will read to the answers."""

_TICK = re.compile(r"([0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}):([0-9]{1,9})")


@dataclass(frozen=True)
class Tick:
    """A ticked booking, and the version that the list showed: nobody decides on a change she has not seen."""

    pk: UUID
    version: int

    def __str__(self) -> str:
        return f"{self.pk}:{self.version}"


class TicksField(forms.Field):
    """The ticked bookings. What makes no sense is ignored, like a booking that is not there."""

    widget = forms.MultipleHiddenInput
    hidden_widget = forms.MultipleHiddenInput
    default_error_messages = {
        "required": "Tick at least one booking",
        "too_many": f"Tick at most {MOST_TICKED} bookings at once",
    }

    def to_python(self, value: Any) -> list[Tick]:
        found = (_TICK.fullmatch(str(tick)) for tick in value or ())
        ticks = {UUID(match[1]): int(match[2]) for match in found if match}
        return [Tick(pk, version) for pk, version in ticks.items()]

    def validate(self, value: Sequence[Tick]) -> None:
        super().validate(value)
        if len(value) > MOST_TICKED:
            raise ValidationError(self.error_messages["too_many"], code="too_many")


class TicksForm(forms.Form):
    ticked = TicksField()

    @classmethod
    def read(cls, data: QueryDict) -> "TicksForm":
        form = cls(data)
        form.is_valid()
        return form

    @property
    def ticks(self) -> list[Tick]:
        return list(self.cleaned_data.get("ticked", ()))

    @property
    def fault(self) -> str:
        return str(self.errors["ticked"][0]) if self.errors else ""


class ManyForm(PageForm):
    """A form about every ticked booking. Only with `save` does anything happen: the first press only opens the page."""

    ticked = TicksField()
    save = forms.CharField(widget=forms.HiddenInput, initial=SAVE, required=False)


class ClaimManyForm(ManyForm):
    button = "Assign to me"


class NoteOnManyForm(ColleagueNoteForm, ManyForm):
    button = "Add the note"


class HandOverManyForm(HandOverForm, ManyForm):
    version = None  # type: ignore[assignment]  # each booking has its own


class DeclineManyForm(DeclineForm, ManyForm):
    """Asks first, and shows what each of them will read. Then the same answers come back, and are sent."""

    version = None  # type: ignore[assignment]
    button = "Preview the messages"
    button_style = "secondary"  # type: ignore[assignment]

    save = forms.CharField(widget=forms.HiddenInput, initial=LOOK, required=False)

    @cached_property
    def layout(self) -> Layout:
        """The questions without a button to preview the message: its own button shows all of the messages."""
        return Layout(self.question())
