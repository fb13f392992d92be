"""The base classes of pages and buttons on which a requester decides."""

from collections.abc import Callable
from typing import Any

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.http.response import HttpResponseBase
from django.shortcuts import redirect
from django.utils import timezone

from bookings.decisions.flow import Decision, DecisionPage, Form, Row
from bookings.manage.banners import Banner
from bookings.manage.page_access import is_shown_details, open_link
from bookings.models.bookings import Booking
from bookings.models.links import Link
from bookings.permissions import RequesterAction, requester_actions
from walkandtalk.lib.errors import ActionError


class RequesterDecision(Decision[Row]):
    """A decision of the requester. It needs a link with one of these purposes, and the PIN if her page asks for it."""

    purposes: tuple[Link.Purpose, ...] = (Link.Purpose.PAGE,)
    shows_details = False
    """Whether the page says more than a message does, so that an unconfirmed reader is led back instead."""
    while_erasing: bool = False
    booking: Booking
    token: str

    @classmethod
    def as_view(cls, **initkwargs: Any) -> Callable[..., HttpResponseBase]:
        return open_link(*cls.purposes, while_erasing=cls.while_erasing)(super().as_view(**initkwargs))

    def setup(self, request: HttpRequest, *args: Any, **kwargs: Any) -> None:
        super().setup(request, *args, **kwargs)
        self.booking, self.token = args

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        if self.shows_details and not is_shown_details(request, self.booking):
            return self.back()
        return super().dispatch(request, *args, **kwargs)

    def back(self) -> HttpResponseRedirect:
        return redirect("manage:page", self.token)

    def done(self, banner: Banner) -> HttpResponseRedirect:
        """Return to her page, below a banner that says what she has done."""
        banner.show(self.request)
        return self.back()


class RequesterFormPage(RequesterDecision[Booking], DecisionPage[Booking, Form]):
    """A page with a form for the requester.

    With a `requester_action`, the page is closed while that action is not available.
    """

    requester_action: RequesterAction | None = None

    def is_closed(self, booking: Booking) -> bool:
        if self.requester_action is None:
            return False
        return self.requester_action not in requester_actions(booking, timezone.now())

    def find(self) -> Booking:
        return self.booking

    def turn_away(self, booking: Booking) -> HttpResponse | None:
        return self.back() if self.is_closed(booking) else None

    def context(self, booking: Booking, form: Form) -> dict[str, Any]:
        return {"booking": booking, "token": self.token}

    def find_again(self, booking: Booking, error: ActionError) -> Booking:
        booking.refresh_from_db()
        return booking
