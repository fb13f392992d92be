"""Actions of a requester who changes how we write to her: a new address, another copy, a safer channel, no messages."""

import datetime
from dataclasses import dataclass

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.limits import RateLimit, note_reached
from accounts.models import RateCount
from bookings.decisions.spoken_with import SpokenWith
from bookings.events import record
from bookings.locks import lock_booking
from bookings.manage.actions import PIN_SESSION_LIFETIME
from bookings.manage.contact.emails import resent_news
from bookings.models.bookings import Booking
from bookings.models.events import Event
from bookings.models.links import Link
from bookings.notices.security_notices import announce_own_act, current_route
from bookings.notices.threads import requester_thread
from bookings.permissions import may_correct_address
from bookings.request_form.actions import limit_for_email
from bookings.statuses import Channel, EventKind
from boroughs.models.officers import Officer
from outbox.actions import resolve_thread, supersede
from walkandtalk.lib import tokens
from walkandtalk.lib.errors import ActionError, TransitionNotAllowed
from walkandtalk.lib.rows import save_changes

MAX_RESENDS = {datetime.timedelta(minutes=2): 1, datetime.timedelta(hours=1): 5}
"""The most messages within each period. Without a limit, anyone could make us write to any number of addresses."""


@transaction.atomic
def change_email_address(booking: Booking, *, email: str, is_verified: bool) -> str:
    """Send the latest news to a new address, and revoke every link sent to the old one.

    Nobody has shown that the new address is the requester's unless she gave her PIN (`is_verified`). In that case
    return a token for her page, otherwise "".
    """
    lock_booking(booking)
    if not may_correct_address(booking):
        raise TransitionNotAllowed(_("We don’t email you about this, so there’s no address to correct."))
    if email != booking.contact.email:
        count_resend(booking)
        _count_destination(email)
        before = current_route(booking)
        event = replace_email_address(booking, email, is_verified=is_verified)
        if is_verified:  # otherwise the news that goes there asks whether it was her
            announce_own_act(booking, event, before=before)
    return create_temporary_page_link(booking) if is_verified else ""


@transaction.atomic
def send_again(booking: Booking) -> None:
    """Send the message again from the page that follows a request, within the limits."""
    lock_booking(booking)
    if not may_correct_address(booking):
        raise TransitionNotAllowed(_("We don’t email you about this, so there’s nothing to send again."))
    count_resend(booking)
    event = record(EventKind.MESSAGE_RESENT, booking=booking)
    resent_news(booking, event)


@dataclass(frozen=True, kw_only=True)
class UnsafeInbox:
    """How we may write from now on, and the requester's new PIN, which is empty if she already has one."""

    channel: Channel
    new_pin: str


@transaction.atomic
def report_unsafe_inbox(booking: Booking, unsafe_inbox: UnsafeInbox) -> str:
    """Revoke every link and send nothing revealing, because someone else may read the requester's email.

    Return a token for her page, valid for the half hour that her PIN gives.
    """
    channel, pin = unsafe_inbox.channel, unsafe_inbox.new_pin
    lock_booking(booking)
    contact = booking.contact
    # A new PIN only if there is none: otherwise nobody has shown that she knows the requester's own.
    if not booking.is_kept or channel == Channel.FULL or bool(pin) == bool(contact.pin_hmac):
        raise TransitionNotAllowed(_("You can’t do that with this request. Look at your page again."))
    revoke_links(booking)
    save_changes(booking, channel=channel, version=booking.version + 1)
    save_changes(contact, inbox_unsafe_at=timezone.now(), unsafe_email_hmac=contact.email_hmac)
    if pin:
        save_changes(contact, pin_hmac=tokens.pin_hmac(booking.pk, pin))
    if channel == Channel.NONE:
        save_changes(contact, email="", email_hmac="", address_unconfirmed_since=None)
    record(EventKind.INBOX_UNSAFE, booking=booking)
    return create_temporary_page_link(booking)


@transaction.atomic
def resume_messages(booking: Booking) -> None:
    """Resume messages because the requester asked us to. News that she missed is on her page."""
    lock_booking(booking)
    if booking.contact.messages_stopped_at is None:
        return
    save_changes(booking.contact, messages_stopped_at=None)
    announce_own_act(booking, record(EventKind.MESSAGES_RESUMED, booking=booking), before=None)


def revoke_links(booking: Booking) -> None:
    """Revoke every link that was sent, and supersede every message that has not been sent yet."""
    links = booking.links.exclude(purpose=Link.Purpose.FREEZE)  # an insider must not stop her from saying no
    links.filter(revoked_at=None).update(revoked_at=timezone.now())
    supersede(requester_thread(booking))


def replace_email_address(
    booking: Booking,
    email: str,
    *,
    is_verified: bool,
    by: Officer | None = None,
    spoken: SpokenWith | None = None,
    approved_by: Officer | None = None,
) -> Event:
    """Write to another address, and return the event. No names or phrase go there until she confirms it there.

    Unless the requester herself gave it (`is_verified`), the request has to be confirmed again as well.
    """
    _set_email_address(booking, email)
    if not is_verified and booking.is_open:
        save_changes(booking, confirmed_at=None, unconfirmed_since=timezone.now())
    save_changes(booking, version=booking.version + 1)
    event = record(
        EventKind.ADDRESS_CORRECTED,
        booking=booking,
        by=by,
        code=spoken.method if spoken else "",
        note=spoken.place if spoken else "",
        approved_by=approved_by,
    )
    resent_news(booking, event)
    return event


def _set_email_address(booking: Booking, email: str) -> None:
    revoke_links(booking)
    resolve_thread(requester_thread(booking))
    save_changes(
        booking.contact,
        email=email,
        email_hmac=tokens.index_hmac(email),
        address_unconfirmed_since=timezone.now(),
    )


def count_resend(booking: Booking, *, of: str = "write again") -> None:
    """Count one more message that the requester asked us to send. Raise ActionError if there were too many."""
    limits = [RateLimit(f"{of} {window} {booking.pk}", window, most) for window, most in MAX_RESENDS.items()]
    for limit in limits:
        if RateCount.objects.current_count(limit.key, window=limit.window) >= limit.limit:
            note_reached(limit)
            raise ActionError(_("We’ve only just emailed you. Check your spam folder, and try again in a few minutes."))
    for limit in limits:
        RateCount.objects.increment(limit.key, window=limit.window)


def _count_destination(email: str) -> None:
    """Count a message to an address that someone typed, whatever the booking. It shares the limit of new requests."""
    if RateCount.objects.increment_all(email=limit_for_email(email)):
        raise ActionError(_("We can’t write to that address today. Use another one, or call the team."))


def create_temporary_page_link(booking: Booking) -> str:
    """Return a token for the requester's page, valid for the half hour that her PIN gives."""
    return Link.objects.create_token(booking, Link.Purpose.PAGE, expires_at=timezone.now() + PIN_SESSION_LIFETIME)


@transaction.atomic
def stop_messages(booking: Booking) -> None:
    """Stop writing to the requester, and supersede every message that has not been sent yet."""
    lock_booking(booking)
    if not booking.can_be_emailed:
        return
    save_changes(booking.contact, messages_stopped_at=timezone.now())
    record(EventKind.MESSAGES_STOPPED, booking=booking)
    supersede(requester_thread(booking))
