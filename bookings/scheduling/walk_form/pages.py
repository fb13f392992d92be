"""The page of a walk's form: buttons that save nothing, and other choices when an officer has been taken."""

from collections.abc import Iterable
from typing import Any, TypeVar

from django.http import HttpResponse
from django.shortcuts import render

from accounts.requests import OfficerRequest
from bookings.decisions.flow import Row
from bookings.decisions.pages import VersionedPage
from bookings.models.bookings import Booking
from bookings.scheduling.walk_form.forms import WalkForm
from walkandtalk.lib.errors import ActionError
from walkandtalk.lib.govuk.pages import error_summary
from walks.locks import OfficerNotAvailable
from walks.models.walks import Walk
from walks.planning.meeting_places import suggest_meeting_places
from walks.planning.suggestions import Slot, Team

REFUSED = 409
OTHERS_SHOWN = 4

WalkFormT = TypeVar("WalkFormT", bound=WalkForm)


class WalkFormPage(VersionedPage[Row, WalkFormT]):
    """The form of a walk. Some of its buttons save nothing: they show free officers or suggest a meeting place."""

    def answer(self, row: Row, form: WalkFormT) -> HttpResponse:
        if form.is_preview:
            form.as_preview()
            return self.show(row, form)
        return super().answer(row, form)

    def refused(self, row: Row, form: WalkFormT, error: ActionError) -> HttpResponse:
        if isinstance(error, OfficerNotAvailable) or not self.is_closed(self.find_again(row, error)):
            return super().refused(row, form, error)
        form.add_error(None, str(error))
        return _conflict_page(self.request, form, back=self.back().url)

    def find_again(self, row: Row, error: ActionError) -> Row:
        """Keep the row if only an officer was taken: when many press at once, reading it again costs the most."""
        return row if isinstance(error, OfficerNotAvailable) else super().find_again(row, error)

    def field_of(self, error: ActionError) -> str | None:
        return "officers" if isinstance(error, OfficerNotAvailable) else None


def _conflict_page(request: OfficerRequest, form: WalkForm, *, back: str) -> HttpResponse:
    """Show that a colleague or the requester has already decided, with the entered details to read but no button."""
    context = {
        "form": form,
        "error_summary": error_summary(form),
        "entered_details": form.entered_details(),
        "back": back,
    }
    return render(request, "bookings/scheduling/conflict.html", context, status=REFUSED)


def load_team(form: WalkForm, others: Iterable[Slot], *, bookings: list[Booking], walk: Walk | None = None) -> Team:
    """Offer officers and meeting places in the form, and return the team, of whom `others` can be asked as well."""
    team = Team.load(form.bcu, slot=form.slot, others=others, except_walk=walk)
    wards = {booking.ward_id for booking in bookings if booking.ward_id}
    form.not_available = team.not_available
    form.offer(
        team.suggest(form.slot, ward_ids=wards, wanted=[booking.contact.skills_wanted() for booking in bookings])
    )
    form.offer_meeting_places(bookings, walk)
    form.spots = suggest_meeting_places(bookings[0].borough, bookings[0].ward, form.slot) if bookings else []
    return team


def find_other_choices(form: WalkForm, team: Team) -> dict[str, Any]:
    """Return other officers who are free at this time, and other times at which the chosen officers are free."""
    if form.slot is None:
        return {}
    chosen = set(form["officers"].value() or ())
    officers = [option.officer for option in form.suggestions if str(option.officer.pk) in chosen]
    free = [option.officer for option in form.suggestions if option.is_free and option.officer not in officers]
    return {"officers": free[:OTHERS_SHOWN], "times": team.other_free_times(officers, form.slot) if officers else []}
