"""She asks for other times, and what an inspector answers. And what we say when every time passed unanswered."""

import datetime

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from bookings.events import record
from bookings.locks import lock_booking, lock_to_decide
from bookings.models.bookings import Booking
from bookings.models.preferred_times import Wish
from bookings.request_form.booking_request import NewWish
from bookings.request_form.confirmation import confirm_booking
from bookings.scheduling.offers.actions import say_no_to_all
from bookings.scheduling.offers.emails import team_offer_answered
from bookings.scheduling.preferred_times.emails import not_answered, plan_stands, team_asked_again, wish_changed
from bookings.statuses import INTERPRETED, EventKind, OfferAnswer, Status
from boroughs.models.officers import Officer
from walkandtalk.lib import london
from walkandtalk.lib.errors import MoveNotAllowed

LATE = "late"
"""On her asking again: what she asked for before had not been answered by the day that we promised."""


@transaction.atomic
def change_wish(booking: Booking, *, wish: NewWish) -> None:
    """She would like other times, or another place to meet. A walk that she has stands until somebody answers.

    What we have offered her is answered by that: it will not do, and it is our turn again. Asking is an act of hers,
    so it confirms the booking. Pressing twice asks once.
    """
    lock_booking(booking)
    now = timezone.now()
    if not booking.may_change_wish(now):
        raise MoveNotAllowed(_("You cannot choose other times any more. Look at your page: something has changed."))
    if _is_what_she_asks_for(booking, wish):
        return
    if not _takes(booking, wish):
        raise MoveNotAllowed(_("One of the times that you chose is not possible any more. Choose again."))
    confirm_booking(booking)
    code = LATE if _is_late(booking, now) else ""
    offer = booking.offers.open().first() if booking.status == Status.OFFERED else None
    if offer is not None:
        say_no_to_all(booking, offer)
    _keep_wish(booking, wish, now)
    _keep_first_promise(booking, was_late=bool(code))
    event = record(EventKind.ASKED_AGAIN, booking=booking, code=code)
    wish_changed(booking, event)
    if booking.asks_again:
        team_asked_again(booking, event)
    elif offer is not None:
        team_offer_answered(booking, event)


def _takes(booking: Booking, wish: NewWish) -> bool:
    """By the rules of the first asking, those for her interpreter too."""
    interpreted, today = bool(INTERPRETED & set(booking.contact.needs)), london.today()
    rules = booking.bcu
    return all(rules.takes(time.date, time.start, today=today, with_interpreter=interpreted) for time in wish.wishes)


def _is_what_she_asks_for(booking: Booking, wish: NewWish) -> bool:
    asked = [(time.date, time.start) for time in booking.wishes_now()]
    also = (booking.weekday_evenings, booking.weekends)
    return (
        asked == [(time.date, time.start) for time in wish.wishes]
        and also == (wish.weekday_evenings, wish.weekends)
        and booking.contact.meeting_place == wish.meeting_place
    )


def _is_late(booking: Booking, now: datetime.datetime) -> bool:
    return (booking.answered_at or now) > booking.answer_due_at


def _keep_wish(booking: Booking, wish: NewWish, now: datetime.datetime) -> None:
    """A round of its own, and the clock of our promise from now on."""
    first = min(london.to_instant(time.date, time.start) for time in wish.wishes)
    walk = booking.walk if booking.status == Status.SCHEDULED else None
    booking.wish_round += 1
    booking.weekday_evenings, booking.weekends = wish.weekday_evenings, wish.weekends
    booking.asked_again_at = now if walk else None
    booking.choices_passed_at = booking.answered_at = None
    booking.answer_due_at = booking.bcu.answer_due_at(now, first)
    booking.needed_at = min(first, walk.start_at) if walk else first
    booking.version += 1
    booking.save(
        update_fields=[
            "wish_round",
            "weekday_evenings",
            "weekends",
            "asked_again_at",
            "choices_passed_at",
            "answered_at",
            "answer_due_at",
            "needed_at",
            "version",
        ]
    )
    # A time of ours that she said yes to is not what she wants any more.
    booking.offers.filter(answer=OfferAnswer.YES).update(answer=OfferAnswer.NO)
    contact = booking.contact
    if wish.meeting_place != contact.meeting_place:
        contact.pin = None  # it stood for the place before
    contact.former_meeting_place, contact.meeting_place = contact.meeting_place, wish.meeting_place
    contact.save(update_fields=["former_meeting_place", "meeting_place", "pin"])
    Wish.objects.bulk_create(
        Wish(booking=booking, round=booking.wish_round, rank=rank, date=time.date, start=time.start)
        for rank, time in enumerate(wish.wishes, start=1)
    )


def _keep_first_promise(booking: Booking, *, was_late: bool) -> None:
    """Before our first answer the new promise takes the place of the first one, unless that was broken already."""
    if booking.first_answered_at is None and not was_late:
        booking.first_due_at = booking.answer_due_at
        booking.save(update_fields=["first_due_at"])


@transaction.atomic
def keep_plan(booking: Booking, *, by: Officer, version: int, words: str) -> None:
    """Her walk cannot be moved to what she asked for, so it stays as it is. She can still cancel it, or ask again."""
    lock_to_decide(booking, by=by, was_shown=version)
    if not booking.asks_again or booking.walk is None:
        raise MoveNotAllowed("She does not ask for another time any more. Look at her booking again.")
    booking.asked_again_at, booking.answered_at = None, timezone.now()
    booking.needed_at = booking.walk.start_at
    booking.seen_at = None
    booking.version += 1
    booking.save(update_fields=["asked_again_at", "answered_at", "needed_at", "seen_at", "version"])
    event = record(EventKind.PLAN_STANDS, booking=booking, by=by, note=words)
    plan_stands(booking, event)


@transaction.atomic
def apologise(booking: Booking, *, now: datetime.datetime) -> None:
    """Every time that she chose has passed, and nobody had answered. It is ours, and is counted so."""
    lock_booking(booking)
    if not Booking.objects.unanswered_for_too_long(now).filter(pk=booking.pk).exists():
        return
    booking.choices_passed_at = now
    booking.version += 1
    booking.save(update_fields=["choices_passed_at", "version"])
    event = record(EventKind.NOT_ANSWERED, booking=booking)
    not_answered(booking, event)
