"""Guests join a walk once every requester on it has agreed to them by name."""

from dataclasses import dataclass
from uuid import UUID

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from bookings.events import record
from bookings.locks import check_version, lock_booking_with_walk, lock_scheduled_bookings
from bookings.models.bookings import Booking
from bookings.models.sharing import Guest, SharingConsent
from bookings.models.walk_queries import PLACE_OFFER_NOTICE
from bookings.notices.card_updates import notify_companions_changed
from bookings.permissions import can_share_walk
from bookings.scheduling.guests import emails
from bookings.sharing import find_sharing_question, has_everyone_accepted_guest
from bookings.statuses import ConsentAnswer, EventKind, GuestState
from boroughs.models.officers import Officer
from walkandtalk.lib.errors import ActionError, TransitionNotAllowed, require
from walkandtalk.lib.plain_text import one_line
from walkandtalk.lib.rows import save_changes
from walks.locks import lock_walk
from walks.models.walks import Walk
from walks.permissions import can_change_walk
from walks.statuses import WalkStatus

MAX_GUESTS = 2


@dataclass(frozen=True, kw_only=True)
class GuestInvitation:
    """The guest's name, role and organisation, as the requesters on the walk read them."""

    name: str
    role: str
    organisation: str


@transaction.atomic
def invite_guest(walk: Walk, invitation: GuestInvitation, *, by: Officer, version: int) -> Guest:
    """Ask each requester on the walk whether this guest may come. The guest comes only if all of them say yes."""
    lock_walk(walk)
    bookings = lock_scheduled_bookings(walk)
    require(can_change_walk(by, walk))
    check_version(walk, version=version)
    _check_guest_allowed(walk, bookings)
    guest = Guest.objects.create(walk=walk, by=by, **vars(invitation))
    record(EventKind.GUEST_INVITED, walk=walk, by=by, note=guest.in_words)
    for booking in bookings:
        SharingConsent.objects.create(walk=walk, booking=booking, guest=guest, by=by)
        event = record(EventKind.GUEST_INVITED, booking=booking, by=by, note=guest.in_words)
        emails.send_booking_guest_question(booking, event, guest=guest)
    return guest


def _check_guest_allowed(walk: Walk, bookings: list[Booking]) -> None:
    if walk.status != WalkStatus.SCHEDULED or walk.start_at < timezone.now() + PLACE_OFFER_NOTICE:
        raise TransitionNotAllowed("It’s too late to add a guest: the women on this walk would have no time to answer.")
    if not bookings:
        raise ActionError("This walk has no bookings yet, so there’s nobody to ask.")
    if walk.nominated_inspector_id is not None or not all(can_share_walk(booking) for booking in bookings):
        raise ActionError("Nobody can join this walk, because a woman on it can’t share her walk.")
    if walk.offers.filter(answer="").exists():
        raise ActionError("You’ve offered a woman a place on this walk. Wait for her answer, or withdraw the offer.")
    if sum(guest.may_come for guest in walk.guests.all()) >= MAX_GUESTS:
        raise ActionError(f"There are {MAX_GUESTS} guests already. Withdraw one before you ask about another.")


@transaction.atomic
def answer_guest(booking: Booking, *, guest: UUID, may_come: bool) -> None:
    """Record the requester's answer, which she may change until the walk. One refusal keeps the guest away."""
    walk = lock_booking_with_walk(booking)
    consent = find_sharing_question(booking, guest=guest)
    if walk is None or consent is None or consent.guest is None or walk.status != WalkStatus.SCHEDULED:
        raise TransitionNotAllowed(_("This question has closed. See the latest news below."))
    answer = ConsentAnswer.YES if may_come else ConsentAnswer.NO
    if consent.answer == answer:
        return
    save_changes(consent, answer=answer, answered_at=timezone.now())
    kind = EventKind.GUEST_ACCEPTED if may_come else EventKind.GUEST_REFUSED
    event = record(kind, booking=booking)
    if not may_come:
        _remove_guest(consent.guest, walk, GuestState.REFUSED)
    elif has_everyone_accepted_guest(consent.guest):
        bookings = lock_scheduled_bookings(walk)
        notify_companions_changed(
            walk, bookings, kind=EventKind.GUEST_CONFIRMED, changes=[_confirm_guest(consent.guest)]
        )
    else:
        return
    emails.send_team_guest_answered(walk, event, may_come=may_come)
    booking.refresh_from_db()


@transaction.atomic
def withdraw_guest(walk: Walk, *, by: Officer, guest: UUID) -> None:
    """Withdraw the guest. Requesters whose walk card named the guest get a new one."""
    lock_walk(walk)
    require(can_change_walk(by, walk))
    row = walk.guests.filter(pk=guest).first()
    if row is None or not row.may_come or walk.status != WalkStatus.SCHEDULED:
        raise TransitionNotAllowed("This guest is no longer coming, or the walk has started. Check the walk again.")
    _remove_guest(row, walk, GuestState.WITHDRAWN, by=by)


def confirm_waiting_guests(walk: Walk) -> list[str]:
    """Confirm guests accepted by every remaining requester, and return a sentence about each guest.

    The caller holds the lock on the walk, has checked that a booking remains, and sends the sentences.
    """
    waiting = [guest for guest in walk.guests.filter(state=GuestState.ASKED) if has_everyone_accepted_guest(guest)]
    changes = []
    for guest in waiting:
        changes.append(_confirm_guest(guest))
        event = record(EventKind.GUEST_CONFIRMED, walk=walk)
        emails.send_team_guest_answered(walk, event, may_come=True)
    return changes


def _confirm_guest(guest: Guest) -> str:
    save_changes(guest, state=GuestState.COMING)
    return _("Also coming: %(guest)s.") % {"guest": one_line(guest.in_words)}


def _remove_guest(guest: Guest, walk: Walk, state: GuestState, *, by: Officer | None = None) -> None:
    was_coming = guest.state == GuestState.COMING
    save_changes(guest, state=state)
    change = _("%(guest)s isn’t coming any more.") % {"guest": one_line(guest.name)}
    bookings = lock_scheduled_bookings(walk) if was_coming else []
    notify_companions_changed(walk, bookings, kind=EventKind.GUEST_REMOVED, changes=[change], by=by)
