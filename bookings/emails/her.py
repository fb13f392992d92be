"""What we write to her."""

import datetime
from collections.abc import Sequence
from typing import Any

from django.conf import settings
from django.utils import timezone

from bookings import links
from bookings.emails.compose import Context, date_and_start, moment, subject_of
from bookings.emails.letters import write_card, write_ending, write_to_her
from bookings.emails.threads import her_thread
from bookings.models import Booking, Event, Wish
from bookings.plain_text import one_line, without_addresses
from bookings.statuses import Channel, Status
from bookings.walk_card import walk_of
from outbox.actions import supersede
from walkandtalk.lib import london

LATE = datetime.timedelta(minutes=10)

ENDINGS: dict[str, dict[str, Any]] = {
    Status.CANCELLED_BY_US: {"kind": "booking_cancelled_by_us", "discreet": "discreet_cancelled"},
    Status.DECLINED: {"kind": "booking_declined", "discreet": "discreet_news"},
    Status.MISSED_BY_US: {"kind": "booking_missed_by_us", "discreet": "discreet_news", "calendar": None},
}
"""What each of these is told by, also when it is sent again."""


def request_received(booking: Booking, *, wishes: Sequence[Wish]) -> None:
    """Her name, places and times, and what happens next. The reader may be a stranger, so nothing else of hers."""
    _write_received(booking, wishes, event_id=booking.pk)


def _write_received(booking: Booking, wishes: Sequence[Wish], *, event_id: object) -> None:
    def context(token: str) -> Context:
        was_her = bool(booking.taken_how) and booking.confirmed_at is not None
        return {**_wish(booking, wishes), "answer_by": london.long_date(booking.answer_due_at), "was_her": was_her}

    write_to_her(booking, "booking_received", event_id=event_id, context=context, discreet="discreet_news")


def wish_changed(booking: Booking, event: Event) -> None:
    """What she asks for now, and what stands until we answer. Discreetly her page alone says so: it was her own act."""
    if booking.channel != Channel.FULL:
        return

    def context(token: str) -> Context:
        stands = date_and_start(booking.walk) if booking.walk is not None and booking.asks_again else {}
        return {
            **stands,
            **_wish(booking, booking.wishes_now()),
            "stands": bool(stands),
            "answer_by": london.long_date(booking.answer_due_at),
        }

    write_to_her(booking, "booking_wish_changed", event_id=event.pk, context=context, discreet="discreet_news")


def plan_stands(booking: Booking, event: Event) -> None:
    """We cannot do what she asked for, so her walk stays as it is. Kindly, and with the whole card again."""
    supersede(her_thread(booking))
    write_card(booking, "booking_plan_stands", event, changes=[], words=event.note)


def not_answered(booking: Booking, event: Event) -> None:
    """Every time that she chose has passed. We say sorry, and ask her to choose again."""

    def context(token: str) -> Context:
        return {**_wish(booking, booking.wishes_now()), "change": links.change_url(booking, token)}

    supersede(her_thread(booking))
    write_to_her(booking, "booking_not_answered", event_id=event.pk, context=context, discreet="discreet_news")


def received_subject(booking: Booking) -> str:
    """What stands above that message."""
    kind = "booking_received" if booking.channel == Channel.FULL else "discreet_news"
    return subject_of(kind, {"reference": booking.spoken_reference})


def link_sent_again(booking: Booking, *, request_id: str) -> None:
    """The way back to her page, to the address on file."""
    write_to_her(booking, "booking_link", event_id=request_id, discreet="discreet_link")


def booking_scheduled(booking: Booking, event: Event) -> None:
    supersede(her_thread(booking))
    write_card(booking, "booking_scheduled", event, changes=[])


def booking_reminder(booking: Booking, event: Event) -> None:
    """The whole card again. What is still unsent before it may say what changed, so it is not superseded."""
    write_card(booking, "booking_reminder", event, changes=[], discreet="discreet_reminder")


def confirm_reminder(booking: Booking, event: Event) -> None:
    """Was it her? The reader may be a stranger, so it holds no more than her name."""
    goes_at = booking.unconfirmed_since + datetime.timedelta(days=settings.KEEP_UNCONFIRMED_DAYS)
    write_to_her(
        booking,
        "booking_confirm_reminder",
        event_id=event.pk,
        context=lambda token: {
            "name": without_addresses(booking.contact.name),
            "asked": moment(booking.asked_at),
            "goes": london.long_date(goes_at),
            "answer_by": london.long_date(booking.answer_due_at),
        },
        discreet="discreet_confirm",
        expires_at=goes_at,
    )


def booking_changed(booking: Booking, event: Event, *, changes: list[str]) -> None:
    supersede(her_thread(booking))
    write_card(booking, "booking_changed", event, changes=changes)


def news_again(booking: Booking, event: Event) -> None:
    """What she has to know now, since what we wrote did not reach her. Her page has the rest.

    The whole card only where it is known that the address is hers.
    """
    to_come = booking.walk is not None and not booking.walk.has_begun(timezone.now())
    if booking.status == Status.SCHEDULED and to_come and booking.confirmed_at is not None:
        write_card(booking, "booking_scheduled", event, changes=[])
    elif booking.status in ENDINGS:
        write_ending(booking, event=event, words=booking.our_words(), **ENDINGS[booking.status])
    elif booking.has_passed_unanswered:
        not_answered(booking, event)
    elif booking.status == Status.WAITING:
        _write_received(booking, booking.wishes_now(), event_id=event.pk)
    else:
        link_sent_again(booking, request_id=str(event.pk))


def booking_declined(booking: Booking, event: Event) -> None:
    supersede(her_thread(booking))
    write_ending(booking, event=event, **ENDINGS[Status.DECLINED])


def booking_handed_over(booking: Booking, event: Event) -> None:
    """Another team looks after her request: which, its number, and that what we promised stays."""
    write_to_her(
        booking,
        "booking_handed_over",
        event_id=event.pk,
        context=lambda token: {
            "name": without_addresses(booking.contact.name),
            "answer_by": london.long_date(booking.answer_due_at),
        },
        discreet="discreet_news",
    )


def booking_cancelled_by_her(booking: Booking, event: Event) -> None:
    supersede(her_thread(booking))
    write_ending(booking, "booking_cancelled_by_her", event, discreet="discreet_news")


def booking_cancelled_by_us(booking: Booking, event: Event) -> None:
    """She must hear before she leaves home, so this one never comes too late to be sent."""
    supersede(her_thread(booking))
    write_ending(booking, event=event, **ENDINGS[Status.CANCELLED_BY_US])


def booking_set_off(booking: Booking, event: Event) -> None:
    """The officers are on their way. It is no news any more once the walk should have begun."""
    walk = walk_of(booking)

    def context(token: str) -> Context:
        name = one_line(booking.contact.name)
        return {**date_and_start(walk), "name": name, "set_off": london.clock(event.at)}

    late = walk.start_at + LATE
    write_to_her(
        booking, "booking_set_off", event_id=event.pk, context=context, discreet="discreet_news", expires_at=late
    )


def booking_missed_by_her(booking: Booking, event: Event, *, send_after: datetime.datetime | None) -> None:
    """We did not meet. Not while she may still come: what is said of her then is not true yet."""
    supersede(her_thread(booking))
    write_ending(
        booking, "booking_missed_by_her", event, discreet="discreet_news", calendar=None, send_after=send_after
    )


def booking_missed_by_us(booking: Booking, event: Event) -> None:
    """We were not there. We are sorry."""
    supersede(her_thread(booking))
    write_ending(booking, event=event, **ENDINGS[Status.MISSED_BY_US])


def booking_called_away(booking: Booking, event: Event) -> None:
    """The officers had to go. She is first in line. What they wrote down for her on the way she reads all the same."""
    supersede(her_thread(booking), besides=["heard"])
    write_ending(booking, "booking_called_away", event, discreet="discreet_news")


def _wish(booking: Booking, wishes: Sequence[Wish]) -> Context:
    """Her own words, which a stranger may have typed: nothing in them leads anywhere."""
    return {
        "name": without_addresses(booking.contact.name),
        "meeting_place": without_addresses(booking.contact.meeting_place),
        "borough": booking.borough.name,
        "wishes": [str(wish) for wish in wishes],
        "weekday_evenings": booking.weekday_evenings,
        "weekends": booking.weekends,
    }
