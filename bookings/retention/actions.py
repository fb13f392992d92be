"""We forget who she is. That there was a booking, when, where about and what became of it stays, to be counted."""

from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone

from bookings.events import record
from bookings.locks import lock_booking, lock_walks_of
from bookings.models.bookings import Booking
from bookings.models.contacts import BookingContact
from bookings.models.events import Event
from bookings.notices import threads
from bookings.statuses import EventKind
from boroughs.models.officers import Officer
from outbox.actions import forget
from walkandtalk.lib.errors import MoveNotAllowed
from walks.locks import lock_walk
from walks.models.walks import STILL_OPEN, Walk


@transaction.atomic
def forget_booking(booking: Booking) -> None:
    """Erase what is personal in it and in what was written to her, and in its walk with the last booking on it.

    Nothing is read, so that what cannot be opened any more is forgotten as well.
    """
    walks = lock_walks_of(booking)
    lock_booking(booking)
    if booking.is_open:
        raise MoveNotAllowed("This booking is still open, so its details are needed.")
    if booking.forgotten_at is not None:
        return
    booking.forgotten_at = timezone.now()
    booking.save(update_fields=["forgotten_at"])
    _empty_contact(booking.contact)
    _empty_notes(booking.events.all())
    for offer in booking.offers.all():
        offer.place = ""
        offer.save(update_fields=["place"])
    booking.links.all().delete()
    booking.arrangements.all().delete()
    record(EventKind.FORGOTTEN, booking=booking)
    for walk in walks:
        if not _is_remembered(walk):
            _forget_walk(walk)
    forget(threads.her_thread(booking))
    forget(threads.team_booking_thread(booking))


def _is_remembered(walk: Walk) -> bool:
    """Is there a booking on it, or one that it was broken off for, whose details are kept?"""
    kept = walk.bookings.filter(forgotten_at=None).exists()
    return kept or walk.cut_short_bookings.filter(forgotten_at=None).exists()


def _empty_contact(contact: BookingContact) -> None:
    contact.name = contact.email = contact.email_hmac = contact.pin_hmac = contact.once_pin_hmac = ""
    contact.phone = contact.phone_times = contact.needs_details = contact.route = ""
    contact.meeting_place, contact.former_meeting_place, contact.called_off_place = "", None, None
    contact.phone_rules, contact.needs, contact.about = [], [], []
    contact.companions, contact.may_pass_on, contact.accompanied = 0, None, False
    contact.pin = contact.once_pin_until = None
    contact.save()


@transaction.atomic
def forget_walk(walk: Walk) -> None:
    """A walk that no booking leads to any more: it was cut short, and she has had another since, or it had none."""
    lock_walk(walk)
    if walk.forgotten_at is None and walk.status not in STILL_OPEN and not _is_remembered(walk):
        _forget_walk(walk)


def _forget_walk(walk: Walk) -> None:
    """Where it was, its phrase, and what its officers and their team were told."""
    walk.meeting_place = walk.finish_place = walk.phrase_they = walk.phrase_you = ""
    walk.pin = None
    walk.forgotten_at = timezone.now()
    walk.save(update_fields=["meeting_place", "finish_place", "pin", "phrase_they", "phrase_you", "forgotten_at"])
    _empty_notes(walk.events.all())
    for guest in walk.guests.all():
        guest.name = guest.role = guest.organisation = ""
        guest.save(update_fields=["name", "role", "organisation"])
    for officer in Officer.objects.filter(assignments__walk=walk).distinct().order_by("pk"):
        forget(threads.officer_thread(walk, officer))
    forget(threads.team_thread(walk))


def _empty_notes(events: QuerySet[Event]) -> None:
    for event in events:
        event.note = ""
        event.save(update_fields=["note"])
