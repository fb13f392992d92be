"""Send the requester our latest news again, to a corrected address if needed."""

from dataclasses import dataclass

from django.db import transaction
from django.utils import timezone

from bookings.approvals.actions import authorise
from bookings.decisions.spoken_with import SpokenWith
from bookings.events import record
from bookings.locks import lock_for_decision
from bookings.manage.contact.actions import replace_email_address
from bookings.manage.contact.emails import resent_news
from bookings.models.bookings import Booking
from bookings.notices.security_notices import announce_team_act, current_route
from bookings.notices.threads import requester_thread
from bookings.notices.undelivered_to_staff import StaffMessage
from bookings.permissions import can_see_queue, may_correct_address
from bookings.statuses import ContactMethod, EventKind
from boroughs.models.officers import Officer
from outbox.actions import mark_resolved, resolve_thread, send_again, supersede
from walkandtalk.lib.errors import ActionError, require


@transaction.atomic
def resend_news(booking: Booking, *, by: Officer) -> None:
    """Send the latest news again to the same address, because the mailbox may have been full."""
    lock_for_decision(booking, by=by)
    _require_emailable(booking)
    supersede(requester_thread(booking))
    resolve_thread(requester_thread(booking))
    resent_news(booking, record(EventKind.MESSAGE_RESENT, booking=booking, by=by))


@dataclass(frozen=True, kw_only=True)
class AddressCorrection:
    """The correct address, and how the requester told it to this inspector."""

    email: str
    spoken: SpokenWith


@transaction.atomic
def correct_address(booking: Booking, correction: AddressCorrection, *, by: Officer) -> None:
    """Replace the requester's address. Links sent to the old one stop.

    Until she confirms the new address there, we write no names or phrase to it.
    Raise ApprovalNeeded if a second inspector has to agree first.
    """
    email, spoken = correction.email, correction.spoken
    lock_for_decision(booking, by=by)
    _require_emailable(booking)
    if not may_correct_address(booking):
        raise ActionError("We don’t write to her about this, so there’s no address to correct.")
    if email == booking.contact.email:
        raise ActionError("This is the address on file. To send the news there again, use the button on her booking.")
    approved_by = authorise(booking, EventKind.ADDRESS_CORRECTED, spoken, by=by, email=email)
    before = current_route(booking)
    event = replace_email_address(
        booking,
        email,
        is_verified=spoken.method != ContactMethod.NOT_SPOKEN,
        by=by,
        spoken=spoken,
        approved_by=approved_by,
    )
    announce_team_act(booking, event, before=before)


@transaction.atomic
def resend_staff_message(news: StaffMessage, *, by: Officer) -> None:
    """Send an undelivered message again, to the address now on file for the officer or team."""
    require(can_see_queue(by) and news.may_resend(timezone.now()))
    event = record(EventKind.STAFF_MESSAGE_RESOLVED, walk=news.walk, booking=news.booking, by=by, code="again")
    if not send_again(news.message, recipient=news.address, event_id=event.pk):
        raise ActionError("Someone has already dealt with this.")


@transaction.atomic
def resolve_staff_message(news: StaffMessage, *, by: Officer) -> None:
    """Record that the officer or team has been informed another way."""
    require(can_see_queue(by))
    if mark_resolved(news.message):
        record(EventKind.STAFF_MESSAGE_RESOLVED, walk=news.walk, booking=news.booking, by=by, code="known")


def _require_emailable(booking: Booking) -> None:
    if not booking.can_be_emailed or not booking.contact.email:
        raise ActionError("She doesn’t want email from us, so we don’t write to her. Ring her if she allows it.")
