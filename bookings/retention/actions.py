"""Erase personal details. Keep the booking, its time, area and outcome for the figures."""

from django.db import transaction
from django.utils import timezone

from bookings.events import record
from bookings.locks import lock_booking, lock_walks_of_booking
from bookings.models.bookings import Booking
from bookings.models.contacts import BookingContact
from bookings.models.events import EventNote
from bookings.models.legal_holds import active_hold
from bookings.models.undoable_decisions import UndoableDecision
from bookings.notices import threads
from bookings.retention.ledger import remove_hold, remove_request, write_entry
from bookings.statuses import EventKind
from boroughs.models.officers import Officer
from outbox.actions import erase_thread
from walkandtalk.lib.errors import TransitionNotAllowed
from walkandtalk.lib.rows import save_changes
from walks.locks import lock_walk
from walks.models.walks import Walk
from walks.statuses import LIVE_STATUSES


@transaction.atomic
def erase_booking(booking: Booking) -> None:
    """Erase the booking's personal details and messages, and those of its walk if no other booking needs them.

    Raise TransitionNotAllowed while it is open, or while a legal hold keeps it. The ledger outside the database is
    written first, so that a restored backup is erased again.

    Decrypt nothing, so that even details that can no longer be decrypted are erased.
    """
    walks = lock_walks_of_booking(booking)
    lock_booking(booking)
    if booking.is_open:
        raise TransitionNotAllowed("This booking is still open, so we still need its details.")
    if booking.erased_at is not None:
        return
    if active_hold(booking, timezone.now()) is not None:
        raise TransitionNotAllowed("A legal hold keeps this booking, so its details can’t be erased yet.")
    write_entry(booking)
    save_changes(booking, erased_at=timezone.now())
    _erase_contact(booking.contact)
    EventNote.objects.filter(event__booking=booking).delete()
    for offer in booking.offers.all():
        save_changes(offer, place="")
    for message in booking.team_messages.all():
        save_changes(message, words="")
    booking.links.all().delete()
    booking.approvals.all().delete()
    booking.adjustments.all().delete()
    UndoableDecision.objects.filter(bookings__contains=[booking.pk]).delete()
    record(EventKind.ERASED, booking=booking)
    for walk in walks:
        if not _has_unerased_booking(walk):
            _erase_walk_details(walk)
    erase_thread(threads.requester_thread(booking))
    erase_thread(threads.security_thread(booking))
    erase_thread(threads.team_booking_thread(booking))
    remove_request(booking)
    remove_hold(booking)


def _has_unerased_booking(walk: Walk) -> bool:
    """Return whether any booking on the walk, or cut short on it, still has its details."""
    has_booking = walk.bookings.filter(erased_at=None).exists()
    return has_booking or walk.cut_short_bookings.filter(erased_at=None).exists()


def _erase_contact(contact: BookingContact) -> None:
    contact.name = contact.email = contact.email_hmac = contact.pin_hmac = contact.one_time_pin_hmac = ""
    contact.language = contact.phone = contact.phone_times = contact.needs_details = contact.route = ""
    contact.meeting_place, contact.previous_meeting_place, contact.cancelled_meeting_place = "", None, None
    contact.phone_rules, contact.needs, contact.about = [], [], []
    contact.companions, contact.may_share_with_partners, contact.accompanied = 0, None, False
    contact.map_coordinates = contact.one_time_pin_expires_at = None
    contact.weekday_evenings = contact.weekends = False
    contact.calendar_uid, contact.calendar_sequence = None, 0
    contact.inbox_unsafe_at = contact.messages_stopped_at = contact.address_unconfirmed_since = None
    contact.unsafe_email_hmac = ""
    contact.save()


@transaction.atomic
def erase_walk(walk: Walk) -> None:
    """Erase a walk that no unerased booking needs, because it never had a booking or was cut short and replaced."""
    lock_walk(walk)
    if walk.erased_at is None and walk.status not in LIVE_STATUSES and not _has_unerased_booking(walk):
        _erase_walk_details(walk)


def _erase_walk_details(walk: Walk) -> None:
    """Erase the walk's places and phrase, its guests and notes, and our messages to its officers and their team."""
    save_changes(
        walk,
        meeting_place="",
        finish_place="",
        officers_phrase="",
        requester_phrase="",
        map_coordinates=None,
        erased_at=timezone.now(),
    )
    EventNote.objects.filter(event__walk=walk).delete()
    for guest in walk.guests.all():
        save_changes(guest, name="", role="", organisation="")
    for officer in Officer.objects.filter(assignments__walk=walk).distinct().order_by("pk"):
        erase_thread(threads.officer_thread(walk, officer))
        # A list of an evening's walks names the meeting place too. One that has not expired is about walks to come.
        erase_thread(threads.evening_list_thread(officer), expired_by=timezone.now())
    erase_thread(threads.team_thread(walk))
