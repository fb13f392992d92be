"""A page of a decision that shows the message before it is sent."""

from abc import abstractmethod
from collections.abc import Collection
from typing import TypeVar
from uuid import UUID

from django.http import HttpResponse

from bookings.decisions.flow import DecisionPage, Row
from bookings.decisions.pages import StaffDecision
from bookings.models.bookings import Booking
from bookings.undo.preview_forms import PreviewedForm
from bookings.undo.previews import preview_decision
from walkandtalk.lib.errors import ActionError
from walks.models.walks import Walk

PreviewedFormT = TypeVar("PreviewedFormT", bound=PreviewedForm)


class PreviewedPage(StaffDecision[Row], DecisionPage[Row, PreviewedFormT]):
    """The button “Preview the message” shows the page again with the message, and keeps the form as it was."""

    @abstractmethod
    def walk_of(self, row: Row) -> Walk | None:
        """Return the walk as it is before the decision."""

    @abstractmethod
    def opened_by(self, row: Row, form: PreviewedFormT) -> Collection[UUID]:
        """Return the bookings that the page opens anyway.

        Only their messages are shown (docs/rules.md#need-to-know).
        """

    def answer(self, row: Row, form: PreviewedFormT) -> HttpResponse:
        if not form.asks_for_preview or not form.is_valid():
            return super().answer(row, form)
        self.is_previewing = True
        try:
            preview = preview_decision(lambda: self.decide(self.find(), form), walk=self.walk_of(row))
        except ActionError as error:
            return self.refused(row, form, error)
        form.preview = preview.limited_to(self.opened_by(row, form))
        return self.show(row, form)


class PreviewedBookingPage(PreviewedPage[Booking, PreviewedFormT]):
    def walk_of(self, booking: Booking) -> Walk | None:
        return booking.walk

    def opened_by(self, booking: Booking, form: PreviewedFormT) -> Collection[UUID]:
        return {booking.pk}


class PreviewedWalkPage(PreviewedPage[Walk, PreviewedFormT]):
    def walk_of(self, walk: Walk) -> Walk:
        return walk
