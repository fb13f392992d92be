"""She has not been told: the news goes again, to the right address."""

from django.db import transaction
from django.utils import timezone

from bookings.events import record
from bookings.locks import lock_to_decide
from bookings.manage.contact.actions import write_to_instead
from bookings.manage.contact.emails import news_again
from bookings.models.bookings import Booking
from bookings.notices.threads import her_thread
from bookings.notices.undelivered_to_staff import StaffNews
from bookings.permissions import can_confirm_by_phone, can_see_queue
from bookings.statuses import EventKind
from boroughs.models.officers import Officer
from outbox.actions import see_to, send_again, settle, supersede
from walkandtalk.lib.errors import BookingError, require


@transaction.atomic
def send_news_again(booking: Booking, *, by: Officer) -> None:
    """The latest news once more, to the same address: her mailbox may have been full."""
    lock_to_decide(booking, by=by)
    _require_written_to(booking)
    supersede(her_thread(booking))
    settle(her_thread(booking))
    news_again(booking, record(EventKind.SENT_AGAIN, booking=booking, by=by))


@transaction.atomic
def correct_address(booking: Booking, *, by: Officer, email: str, from_her: bool) -> None:
    """Her address is another one. What went to the old one opens nothing any more.

    It is known to be hers where she said so to this inspector, on a number that she gave us (`from_her`).
    """
    lock_to_decide(booking, by=by)
    _require_written_to(booking)
    if not booking.may_correct_address:
        raise BookingError("We do not write to her about this, so there is no address to correct.")
    require(not from_her or can_confirm_by_phone(by, booking))
    is_as_it_was = email == booking.contact.email
    write_to_instead(booking, email, is_hers=from_her or is_as_it_was, by=by)


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


def _require_written_to(booking: Booking) -> None:
    if not booking.is_written_to or not booking.contact.email:
        raise BookingError("She does not want email from us, so nothing is written to her. Ring her if she allows it.")
