"""She has not been told: the news goes again, to the right address."""

from django.db import transaction
from django.utils import timezone

from bookings import emails
from bookings.actions.meanwhile import lock_to_decide
from bookings.actions.moves import BookingError, record, require
from bookings.models import Booking
from bookings.permissions import can_see_queue
from bookings.statuses import EventKind
from bookings.undelivered import StaffNews
from boroughs.models import Officer
from outbox.actions import see_to, send_again, settle, supersede
from walkandtalk.lib import tokens


@transaction.atomic
def send_news_again(booking: Booking, *, by: Officer) -> None:
    """The latest news once more, to the same address: her mailbox may have been full."""
    lock_to_decide(booking, by=by)
    _require_written_to(booking)
    _write_again(booking, kind=EventKind.SENT_AGAIN, by=by)


@transaction.atomic
def correct_address(booking: Booking, *, by: Officer, email: str) -> None:
    """She says that her address is another one. What went to the old one opens nothing any more."""
    lock_to_decide(booking, by=by)
    _require_written_to(booking)
    contact = booking.contact
    contact.email, contact.email_hmac = email, tokens.index_hmac(email)
    contact.save(update_fields=["email", "email_hmac"])
    booking.links.filter(revoked_at=None).update(revoked_at=timezone.now())
    _write_again(booking, kind=EventKind.ADDRESS_CORRECTED, by=by)


@transaction.atomic
def send_staff_news_again(news: StaffNews, *, by: Officer) -> None:
    """What did not reach an officer or the inbox of a team, to the address that is on file now."""
    require(can_see_queue(by) and news.may_go_again(timezone.now()))
    event = record(EventKind.STAFF_TOLD, walk=news.walk, booking=news.booking, by=by, code="again")
    if not send_again(news.message, recipient=news.address, event_id=event.pk):
        raise BookingError("Somebody else has seen to this already.")


@transaction.atomic
def see_to_staff_news(news: StaffNews, *, by: Officer) -> None:
    """They know by another way."""
    require(can_see_queue(by))
    if see_to(news.message):
        record(EventKind.STAFF_TOLD, walk=news.walk, booking=news.booking, by=by, code="known")


def _write_again(booking: Booking, *, kind: EventKind, by: Officer) -> None:
    supersede(emails.her_thread(booking))
    settle(emails.her_thread(booking))
    emails.news_again(booking, record(kind, booking=booking, by=by))


def _require_written_to(booking: Booking) -> None:
    if not booking.is_written_to or not booking.contact.email:
        raise BookingError("She does not want email from us, so nothing is written to her. Ring her if she allows it.")
