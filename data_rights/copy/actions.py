"""Give a copy of the requester's details to her, and to nobody else (docs/rules.md#her-rights)."""

from collections.abc import Sequence

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from bookings.events import record
from bookings.locks import lock_booking
from bookings.manage.contact.actions import create_temporary_page_link
from bookings.models.bookings import Booking
from bookings.models.links import Link
from bookings.permissions import BookingAction, RequesterAction, can_decide, requester_actions
from bookings.statuses import EventKind
from boroughs.models.officers import Officer
from data_rights.copy import emails
from data_rights.one_use_links import check_may_be_sent, use_link
from walkandtalk.lib.errors import ActionError, TransitionNotAllowed
from walks.permissions import is_inspector

APPROVALS_NEEDED = 2


@transaction.atomic
def send_copy_link(booking: Booking, *, by: Officer | None = None) -> None:
    """Send the requester a link to her copy, which works once and for an hour."""
    lock_booking(booking)
    check_may_be_sent(booking, by=by, hers=RequesterAction.GET_COPY, staff=BookingAction.SEND_COPY)
    emails.send_booking_copy_link(booking, record(EventKind.COPY_LINK_SENT, booking=booking, by=by))


@transaction.atomic
def open_copy(booking: Booking, *, one_use_token: str) -> str:
    """Record that the requester opens her copy, and use up the one-use link if that led her here.

    Return a token for the pages of the copy, or "" if the token that she has opens them.
    """
    lock_booking(booking)
    if RequesterAction.GET_COPY not in requester_actions(booking, timezone.now()):
        raise TransitionNotAllowed(_("You can’t open a copy any more."))
    record(EventKind.COPY_OPENED, booking=booking)
    if not one_use_token:
        return ""
    use_link(one_use_token, Link.Purpose.COPY)
    return create_temporary_page_link(booking)


@transaction.atomic
def approve_staff_notes(booking: Booking, *, by: Sequence[Officer]) -> None:
    """Record that two inspectors of the team that decides on the booking approve a copy with staff notes.

    If the booking is restricted, its nominated inspector is one of them, because only she knows who may not see it.
    """
    lock_booking(booking)
    approvers = {officer.pk: officer for officer in by}
    of_the_team = [
        each for each in approvers.values() if is_inspector(each) and each.is_active and each.bcu == booking.team
    ]
    if len(of_the_team) < APPROVALS_NEEDED or len(of_the_team) < len(approvers):
        raise ActionError("Two different inspectors of the team that decides on this booking must approve it.")
    if not any(can_decide(each, booking) for each in of_the_team):
        raise ActionError("The nominated inspector of this booking must be one of the two.")
    for officer in of_the_team:
        record(EventKind.COPY_EXPORT_APPROVED, booking=booking, by=officer)
