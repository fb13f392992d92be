"""Delete the requester's details because she asks, and let her undo it for a day (docs/rules.md#her-rights)."""

import datetime

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from bookings.events import record
from bookings.locks import lock_booking, lock_booking_with_walk
from bookings.manage.contact.actions import count_resend, create_temporary_page_link
from bookings.models.bookings import Booking
from bookings.models.drafts import Draft
from bookings.models.events import Event
from bookings.models.legal_holds import LegalHold, active_hold
from bookings.models.links import Link
from bookings.notices.threads import requester_thread
from bookings.permissions import (
    BookingAction,
    RequesterAction,
    is_walk_too_near_to_erase,
    must_be_reached_before_erasure,
    requester_actions,
)
from bookings.retention.actions import erase_booking
from bookings.retention.ledger import remove_request, write_request
from bookings.scheduling.cancellation.actions import cancel_booking_by_requester, cancel_unseen_booking
from bookings.statuses import EventKind
from boroughs.models.officers import Officer
from data_rights.erasure import emails
from data_rights.one_use_links import check_may_be_sent, use_link
from feedback.models.concerns import Concern
from feedback.models.notes import WalkNote
from feedback.retention import erase_concern, erase_walk_note
from figures.following.actions import forget_address
from outbox.actions import supersede
from walkandtalk.lib.errors import TransitionNotAllowed
from walkandtalk.lib.rows import save_changes

UNDO_PERIOD = datetime.timedelta(hours=24)


@transaction.atomic
def send_erasure_link(booking: Booking, *, by: Officer | None = None) -> None:
    """Send the requester a link with which she can delete her details. It works once and for an hour."""
    lock_booking(booking)
    check_may_be_sent(booking, by=by, hers=RequesterAction.ERASE, staff=BookingAction.SEND_ERASURE_LINK)
    emails.send_booking_erasure_link(booking, record(EventKind.ERASURE_LINK_SENT, booking=booking, by=by))


@transaction.atomic
def request_erasure(booking: Booking, *, one_use_token: str = "") -> str:
    """Hide the booking from everyone at once. A job erases it a day later, unless the requester undoes it.

    An open request, or a walk more than 24 hours ahead, is cancelled, as if she had cancelled it. Return a token for
    her page if the link that brought her here works only once, otherwise "".
    """
    now = timezone.now()
    lock_booking_with_walk(booking)
    if RequesterAction.ERASE not in requester_actions(booking, now):
        raise TransitionNotAllowed(_refusal(booking, now))
    if one_use_token:
        use_link(one_use_token, Link.Purpose.ERASE)
    if booking.is_open:
        cancel_booking_by_requester(booking)
    else:
        supersede(requester_thread(booking))
    due_at = now + UNDO_PERIOD
    event = record(EventKind.ERASURE_REQUESTED, booking=booking)
    emails.send_booking_erasure_requested(booking, event, due_at=due_at, hold=hold_beyond(booking, due_at, now=now))
    _hide(booking, due_at=due_at)
    write_request(booking, due_at=due_at)
    return create_temporary_page_link(booking) if one_use_token else ""


def hold_beyond(booking: Booking, due_at: datetime.datetime, *, now: datetime.datetime) -> LegalHold | None:
    """Return the legal hold that keeps the booking for longer than that, or None. She reads its day and never why."""
    hold = active_hold(booking, now)
    return hold if hold is not None and hold.ends_at > due_at else None


def _hide(booking: Booking, *, due_at: datetime.datetime) -> None:
    save_changes(booking, erasure_due_at=due_at, version=booking.version + 1)
    Draft.objects.filter(pk=booking.draft_uuid).delete()  # it opens the page that follows the request


def _refusal(booking: Booking, now: datetime.datetime) -> str:
    if is_walk_too_near_to_erase(booking, now):
        return _("You have a walk in the next 24 hours, so we can’t delete your details yet. Cancel your walk first.")
    if must_be_reached_before_erasure(booking, now):
        if booking.cancellation_unacknowledged:
            return _("We cancelled what was booked. Press “I’ve seen this” on your page first.")
        return _("We want to be sure that you’re safe first. You can delete your details tomorrow.")
    return _("Your details can’t be deleted here. They may have been deleted already.")


@transaction.atomic
def send_undo_link(booking: Booking) -> None:
    """Send the undo link again. Someone who asked for the deletion on her phone may have deleted our message too."""
    lock_booking(booking)
    if not booking.awaits_erasure or booking.erasure_due_at is None or not booking.wants_email:
        raise TransitionNotAllowed(_("Your details aren’t being deleted, or they have been deleted already."))
    count_resend(booking, of=RequesterAction.UNDO_ERASURE)
    event = record(EventKind.MESSAGE_RESENT, booking=booking)
    hold = hold_beyond(booking, booking.erasure_due_at, now=timezone.now())
    emails.send_booking_erasure_requested(booking, event, due_at=booking.erasure_due_at, hold=hold)


@transaction.atomic
def undo_erasure(booking: Booking, *, one_use_token: str = "") -> str:
    """Bring her page back, because the requester wants us to keep her details. What was cancelled stays cancelled.

    Return a token for her page if the link that brought her here works only once, otherwise "".
    """
    lock_booking(booking)
    if not booking.awaits_erasure:
        raise TransitionNotAllowed(_("Your details aren’t being deleted, or they have been deleted already."))
    if one_use_token:
        use_link(one_use_token, Link.Purpose.UNDO)
    emails.send_booking_erasure_undone(booking, _show_again(booking))
    return create_temporary_page_link(booking) if one_use_token else ""


def _show_again(booking: Booking) -> Event:
    save_changes(booking, erasure_due_at=None, version=booking.version + 1)
    remove_request(booking)
    return record(EventKind.ERASURE_UNDONE, booking=booking)


@transaction.atomic
def carry_out_erasure(booking: Booking, *, now: datetime.datetime) -> None:
    """Erase the booking a day after its requester asked for it, unless she has just undone it, or it is held."""
    lock_booking_with_walk(booking)
    is_due = booking.erasure_due_at is not None and booking.erasure_due_at <= now
    if is_due and active_hold(booking, now) is None:
        _erase_everything(booking)


@transaction.atomic
def reapply_erasure(booking: Booking, *, requested: bool) -> None:
    """Erase again a booking that came back with a restored backup, in which it may still be open."""
    lock_booking_with_walk(booking)
    if booking.is_open:
        cancel_unseen_booking(booking)
    if requested:
        save_changes(booking, erasure_due_at=booking.erasure_due_at or timezone.now())
        _erase_everything(booking)
    else:
        erase_booking(booking)


@transaction.atomic
def reapply_request(booking: Booking, *, due_at: datetime.datetime) -> None:
    """Hide a booking again that came back with a backup from before the requester asked us to erase it."""
    lock_booking_with_walk(booking)
    if booking.is_open:
        cancel_unseen_booking(booking)
    record(EventKind.ERASURE_REQUESTED, booking=booking)
    _hide(booking, due_at=due_at)


@transaction.atomic
def reapply_undo(booking: Booking) -> None:
    """Keep a booking whose erasure the requester undid after the backup was made."""
    lock_booking(booking)
    if booking.awaits_erasure:
        _show_again(booking)


def _erase_everything(booking: Booking) -> None:
    """Erase the booking, the concerns and notes that other bookings keep for longer, and her quarterly update."""
    confirmed_address = booking.contact.address_hmacs if booking.confirmed_at is not None else []
    erase_booking(booking)
    for concern in Concern.objects.filter(report__booking=booking).order_by("pk"):
        erase_concern(concern)
    for note in WalkNote.objects.filter(booking=booking, erased_at=None).order_by("pk"):
        erase_walk_note(note)
    forget_address(confirmed_address)
