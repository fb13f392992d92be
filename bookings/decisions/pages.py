"""Base classes for decisions of staff, most of them about a booking or a walk."""

from abc import abstractmethod
from typing import Any, TypeVar
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.decorators import method_decorator

from accounts.requests import OfficerRequest
from bookings.decisions.flow import Decision, DecisionPage, Form, Row
from bookings.decisions.forms import DecisionForm
from bookings.decisions.list_address import address_in_list
from bookings.decisions.lookups import get_booking_for_decision, get_walk_for_change
from bookings.decisions.recent_handover import show_recent_handover
from bookings.decisions.undo_banner import offer_undo
from bookings.locks import PageOutOfDate
from bookings.models.bookings import Booking
from bookings.permissions import BookingAction, available_actions
from bookings.statuses import ReadReason
from walkandtalk.lib.errors import ActionError
from walks.models.walks import Walk
from walks.statuses import WalkStatus

VersionedForm = TypeVar("VersionedForm", bound=DecisionForm)


class StaffDecision(Decision[Row]):
    request: OfficerRequest
    is_previewing = False
    """Whether the decision is made only to show its messages, and then taken back."""

    def setup(self, request: HttpRequest, *args: Any, **kwargs: Any) -> None:
        super().setup(request, *args, **kwargs)
        self.began_at = timezone.now()

    @property
    def pk(self) -> UUID:
        """The primary key of the row in the address."""
        pk: UUID = self.kwargs["pk"]
        return pk

    def done(self, message: str) -> HttpResponse:
        """Return to the page from which the decision was opened, with a success message.

        While the messages of the decision are held, the message is a banner with a button that undoes it.
        """
        if self.is_previewing:
            return HttpResponse()
        if not offer_undo(self.request, message, since=self.began_at):
            messages.success(self.request, message)
        return self.back()

    def turned_away_late(self) -> HttpResponse:
        messages.error(self.request, "Nothing was saved, because this is no longer possible. See below how it is now.")
        return self.back()


class BookingDecision(StaffDecision[Booking]):
    read_reason: ReadReason | None = None
    """Why the page shows her details, if not to decide on the booking. She reads it on her page."""

    def find(self) -> Booking:
        return get_booking_for_decision(self.request, self.pk, reason=self.read_reason)

    def back(self) -> HttpResponseRedirect:
        return redirect(address_in_list(self.request, "triage:booking", self.pk))


class BookingFormPage(BookingDecision, DecisionPage[Booking, Form]):
    """A page about one booking that ignores its version, for example to add a note or correct an address.

    With a `booking_action`, the page is closed while that action is not available.
    """

    booking_action: BookingAction | None = None

    def is_closed(self, booking: Booking) -> bool:
        if self.booking_action is None:
            return False
        return self.booking_action not in available_actions(booking, self.request.user, timezone.now())

    def context(self, booking: Booking, form: Form) -> dict[str, Any]:
        return {"booking": booking}


class VersionedPage(StaffDecision[Row], DecisionPage[Row, VersionedForm]):
    """A page whose form carries the version of the row, so that nobody decides on a change she has not seen."""

    @abstractmethod
    def version_of(self, row: Row) -> int:
        """Return the version that the action checks."""

    def initial(self, row: Row) -> dict[str, Any]:
        return {"version": self.version_of(row)}

    def refused(self, row: Row, form: VersionedForm, error: ActionError) -> HttpResponse:
        """Renew the version only if the error tells of the change. Else the next press must be refused for it."""
        if isinstance(error, PageOutOfDate):
            form.renew_version(error.version)
        return super().refused(row, form, error)


@method_decorator(show_recent_handover, name="dispatch")
class BookingDecisionPage(VersionedPage[Booking, VersionedForm], BookingFormPage[VersionedForm]):
    """A decision on a booking, such as declining it."""

    def version_of(self, booking: Booking) -> int:
        return booking.version


class OnWalk(StaffDecision[Row]):
    """A decision opened from the page of a walk."""

    def back(self) -> HttpResponseRedirect:
        return redirect("on_the_day:walk", self.pk)


class WalkDecision(OnWalk[Walk]):
    """A decision of the inspector in charge of a walk."""

    def find(self) -> Walk:
        return get_walk_for_change(self.request, self.pk)


class WalkDecisionPage(WalkDecision, VersionedPage[Walk, VersionedForm]):
    """A decision on an upcoming walk."""

    def version_of(self, walk: Walk) -> int:
        return walk.version

    def is_closed(self, walk: Walk) -> bool:
        return walk.status != WalkStatus.SCHEDULED

    def context(self, walk: Walk, form: VersionedForm) -> dict[str, Any]:
        return {"walk": walk}
