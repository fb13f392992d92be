"""What we write to her."""

import datetime
from collections.abc import Callable, Sequence

from django.conf import settings
from django.utils import timezone

from bookings import links
from bookings.calendar import Method, calendar_attachments
from bookings.company import is_shared, others_on
from bookings.emails.compose import Context, date_and_start, moment, render, subject_of
from bookings.emails.threads import her_thread
from bookings.models import Booking, Event, Guest, Link, Offer, Wish
from bookings.plain_text import one_line, without_addresses
from bookings.statuses import Channel, EventKind, PhoneRule, Status
from bookings.walk_card import WalkCard, walk_of
from boroughs.models import Officer
from outbox.actions import Attachment, queue_message, supersede
from walkandtalk.lib import london

LINK_LIVES_AFTER = datetime.timedelta(days=30)
LINK_LIVES_AT_LEAST = datetime.timedelta(days=1)
LATE = datetime.timedelta(minutes=10)

ContextForLink = Callable[[str], Context]


def request_received(booking: Booking, *, wishes: Sequence[Wish]) -> None:
    """Her name, places and times, and what happens next. The reader may be a stranger, so nothing else of hers."""
    _write_received(booking, wishes, event_id=booking.pk)


def _write_received(booking: Booking, wishes: Sequence[Wish], *, event_id: object) -> None:
    def context(token: str) -> Context:
        was_her = bool(booking.taken_how) and booking.confirmed_at is not None
        return {**_wish(booking, wishes), "answer_by": london.long_date(booking.answer_due_at), "was_her": was_her}

    _write_to_her(booking, "booking_received", event_id=event_id, context=context, discreet="discreet_news")


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

    _write_to_her(booking, "booking_wish_changed", event_id=event.pk, context=context, discreet="discreet_news")


def plan_stands(booking: Booking, event: Event) -> None:
    """We cannot do what she asked for, so her walk stays as it is. Kindly, and with the whole card again."""
    supersede(her_thread(booking))
    _write_card(booking, "booking_plan_stands", event, changes=[], words=event.note)


def not_answered(booking: Booking, event: Event) -> None:
    """Every time that she chose has passed. We say sorry, and ask her to choose again."""

    def context(token: str) -> Context:
        return {**_wish(booking, booking.wishes_now()), "change": links.change_url(booking, token)}

    supersede(her_thread(booking))
    _write_to_her(booking, "booking_not_answered", event_id=event.pk, context=context, discreet="discreet_news")


def received_subject(booking: Booking) -> str:
    """What stands above that message."""
    kind = "booking_received" if booking.channel == Channel.FULL else "discreet_news"
    return subject_of(kind, {"reference": booking.spoken_reference})


def link_sent_again(booking: Booking, *, request_id: str) -> None:
    """The way back to her page, to the address on file."""
    _write_to_her(booking, "booking_link", event_id=request_id, discreet="discreet_link")


def booking_scheduled(booking: Booking, event: Event) -> None:
    supersede(her_thread(booking))
    _write_card(booking, "booking_scheduled", event, changes=[])


def booking_reminder(booking: Booking, event: Event) -> None:
    """The whole card again. What is still unsent before it may say what changed, so it is not superseded."""
    _write_card(booking, "booking_reminder", event, changes=[], discreet="discreet_reminder")


def confirm_reminder(booking: Booking, event: Event) -> None:
    """Was it her? The reader may be a stranger, so it holds no more than her name."""
    goes_at = booking.asked_at + datetime.timedelta(days=settings.KEEP_UNCONFIRMED_DAYS)
    _write_to_her(
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
    _write_card(booking, "booking_changed", event, changes=changes)


def news_again(booking: Booking, event: Event) -> None:
    """What she has to know now, since what we wrote did not reach her. Her page has the rest.

    The whole card only where it is known that the address is hers.
    """
    to_come = booking.walk is not None and not booking.walk.has_begun(timezone.now())
    if booking.status == Status.SCHEDULED and to_come and booking.confirmed_at is not None:
        _write_card(booking, "booking_scheduled", event, changes=[])
    elif booking.status == Status.CANCELLED_BY_US:
        _write_ending(booking, "booking_cancelled_by_us", event, discreet="discreet_cancelled")
    elif booking.status == Status.WAITING:
        _write_received(booking, booking.wishes_now(), event_id=event.pk)
    else:
        link_sent_again(booking, request_id=str(event.pk))


def booking_declined(booking: Booking, event: Event) -> None:
    supersede(her_thread(booking))
    _write_ending(booking, "booking_declined", event, discreet="discreet_news")


def booking_handed_over(booking: Booking, event: Event) -> None:
    """Another team looks after her request: which, its number, and that what we promised stays."""
    _write_to_her(
        booking,
        "booking_handed_over",
        event_id=event.pk,
        context=lambda token: {
            "name": without_addresses(booking.contact.name),
            "answer_by": london.long_date(booking.answer_due_at),
        },
        discreet="discreet_news",
    )


def booking_offered(booking: Booking, event: Event, *, offers: Sequence[Offer]) -> None:
    """Times and places about, and until when she may pick. No name, no phrase, no exact spot.

    What stands unsent before it is still true, and may be what asks her whether it was her.
    """
    _write_to_her(
        booking,
        "booking_offered",
        event_id=event.pk,
        context=lambda token: {
            "name": without_addresses(booking.contact.name),
            "offers": [f"{offer.when}. {without_addresses(offer.place)}" for offer in offers],
            "until": moment(offers[0].expires_at),
            "answer": links.offer_url(booking, token),
        },
        discreet="discreet_news",
        expires_at=offers[0].expires_at,
    )


def booking_place_offered(booking: Booking, event: Event, *, offer: Offer) -> None:
    """A place on a walk with others: when, where about, how many. A yes books it, so it says that too."""
    walk = offer.walk
    if walk is None:
        raise ValueError("This offer is of no place on a walk.")
    _write_to_her(
        booking,
        "booking_place_offered",
        event_id=event.pk,
        context=lambda token: {
            "name": without_addresses(booking.contact.name),
            "offer": f"{offer.when}. {without_addresses(offer.place)}",
            "others": others_on(walk, besides=booking),
            "most": walk.capacity,
            "until": moment(offer.expires_at),
            "answer": links.offer_url(booking, token),
        },
        discreet="discreet_news",
        expires_at=offer.expires_at,
    )


def booking_asked_about_company(booking: Booking, event: Event) -> None:
    """May others join her walk? Her page has the two buttons, and it stays as it is until she presses one."""
    walk = walk_of(booking)
    _write_to_her(
        booking,
        "booking_asked_about_company",
        event_id=event.pk,
        context=lambda token: {
            **date_and_start(walk),
            "name": one_line(booking.contact.name),
            "most": walk.capacity,
            "answer": links.company_url(booking, token),
        },
        discreet="discreet_news",
        expires_at=walk.start_at,
    )


def booking_asked_about_guest(booking: Booking, event: Event, *, guest: Guest) -> None:
    """May this person come along? The walk stays as it is until she says so on her page."""
    walk = walk_of(booking)
    _write_to_her(
        booking,
        "booking_asked_about_guest",
        event_id=event.pk,
        context=lambda token: {
            **date_and_start(walk),
            "name": one_line(booking.contact.name),
            "guest": one_line(guest.in_words),
            "answer": links.company_url(booking, token),
        },
        discreet="discreet_news",
        expires_at=walk.start_at,
    )


def booking_offer_ended(booking: Booking, event: Event) -> None:
    """It ran out, or we took it back. We go on looking."""
    supersede(her_thread(booking), kinds=["offered"])
    _write_to_her(
        booking,
        "booking_offer_ended",
        event_id=event.pk,
        context=lambda token: {
            "name": without_addresses(booking.contact.name),
            "ran_out": event.kind == EventKind.OFFER_LAPSED,
            "answer_by": london.long_date(booking.answer_due_at),
        },
        discreet="discreet_news",
    )


def booking_asked_about_one(booking: Booking, event: Event, *, officer: Officer) -> None:
    """One of her officers cannot come. Will one do? The walk as she knows it is not settled until she answers."""
    walk = walk_of(booking)
    _write_to_her(
        booking,
        "booking_asked_about_one",
        event_id=event.pk,
        context=lambda token: {
            **date_and_start(walk),
            "name": one_line(booking.contact.name),
            "officer": one_line(officer.called),
            "answer": links.one_officer_url(booking, token),
        },
        discreet="discreet_news",
        expires_at=walk.start_at,
    )


def booking_cancelled_by_her(booking: Booking, event: Event) -> None:
    supersede(her_thread(booking))
    _write_ending(booking, "booking_cancelled_by_her", event, discreet="discreet_news")


def booking_cancelled_by_us(booking: Booking, event: Event) -> None:
    """She must hear before she leaves home, so this one never comes too late to be sent."""
    supersede(her_thread(booking))
    _write_ending(booking, "booking_cancelled_by_us", event, discreet="discreet_cancelled")


def booking_set_off(booking: Booking, event: Event) -> None:
    """The officers are on their way. It is no news any more once the walk should have begun."""
    walk = walk_of(booking)

    def context(token: str) -> Context:
        name = one_line(booking.contact.name)
        return {**date_and_start(walk), "name": name, "set_off": london.clock(event.at)}

    late = walk.start_at + LATE
    _write_to_her(
        booking, "booking_set_off", event_id=event.pk, context=context, discreet="discreet_news", expires_at=late
    )


def booking_missed_by_her(booking: Booking, event: Event, *, send_after: datetime.datetime | None) -> None:
    """We did not meet. Not while she may still come: what is said of her then is not true yet."""
    supersede(her_thread(booking))
    _write_ending(
        booking, "booking_missed_by_her", event, discreet="discreet_news", calendar=None, send_after=send_after
    )


def booking_missed_by_us(booking: Booking, event: Event) -> None:
    """We were not there. We are sorry."""
    supersede(her_thread(booking))
    _write_ending(booking, "booking_missed_by_us", event, discreet="discreet_news", calendar=None)


def booking_called_away(booking: Booking, event: Event) -> None:
    """The officers had to go. She is first in line."""
    supersede(her_thread(booking))
    _write_ending(booking, "booking_called_away", event, discreet="discreet_news")


def _write_card(
    booking: Booking,
    kind: str,
    event: Event,
    *,
    changes: Sequence[str],
    words: str = "",
    discreet: str = "discreet_news",
) -> None:
    walk = walk_of(booking)
    _write_to_her(
        booking,
        kind,
        event_id=event.pk,
        context=lambda token: {
            **date_and_start(walk),
            "name": one_line(booking.contact.name),
            "words": one_line(words),
            "asks_again": booking.asks_again,
            "card": WalkCard.of(booking, token=token, changes=changes),
        },
        discreet=discreet,
        calendar="PUBLISH",
        expires_at=walk.start_at,
    )


def _write_ending(
    booking: Booking,
    kind: str,
    event: Event,
    *,
    discreet: str,
    calendar: Method | None = "CANCEL",
    send_after: datetime.datetime | None = None,
) -> None:
    def context(token: str) -> Context:
        tell_us = Link.objects.mint(booking, Link.Purpose.TELL_US, expires_at=_link_expires_at(booking))
        walk = date_and_start(booking.walk) if booking.walk is not None else {}
        return {
            **walk,
            "name": one_line(booking.contact.name),
            "goes_on": is_shared(booking),
            "reason": booking.outcome(),
            "alternatives": booking.alternative_labels(),
            "words": one_line(event.note),
            "unhappy": links.unhappy_url(booking, token),
            "tell_us": links.tell_us_url(booking, tell_us),
            "seen": links.seen_url(booking, token),
            "may_call": PhoneRule.CALL in booking.contact.phone_rules,
            "ask_again": links.ask_again_url(),
            "answer_by": london.long_date(booking.answer_due_at),
        }

    _write_to_her(
        booking,
        kind,
        event_id=event.pk,
        context=context,
        discreet=discreet,
        calendar=calendar if booking.walk_id else None,
        send_after=send_after,
    )


def _write_to_her(
    booking: Booking,
    kind: str,
    *,
    event_id: object,
    discreet: str,
    context: ContextForLink = lambda token: {},
    calendar: Method | None = None,
    expires_at: datetime.datetime | None = None,
    send_after: datetime.datetime | None = None,
) -> None:
    """One message, if she may be written to. Discreetly it is another message, with nothing in it but the link."""
    if not booking.is_written_to or booking.status == Status.NOT_HER or not booking.contact.email:
        return
    token = Link.objects.mint(booking, Link.Purpose.PAGE, expires_at=_link_expires_at(booking))
    values: Context = {"page": links.page_url(booking, token)}
    sender, template = settings.DISCREET_FROM_EMAIL, discreet
    if booking.channel == Channel.FULL:
        sender, template = settings.FROM_EMAIL, kind
        values |= _team(booking) | context(token)
    queue_message(
        dedupe_key=f"booking:{booking.pk}:{kind.removeprefix('booking_')}:{event_id}:her",
        thread=her_thread(booking),
        recipient=booking.contact.email,
        sender=sender,
        attachments=_calendar(booking, calendar),
        revision=booking.calendar_sequence,
        expires_at=expires_at,
        send_after=send_after,
        **render(template, values),
    )


def _calendar(booking: Booking, method: Method | None) -> Sequence[Attachment]:
    """Never with a discreet message: a calendar may be shared with the family."""
    if method is None or booking.channel != Channel.FULL:
        return ()
    return calendar_attachments(booking, method)


def _link_expires_at(booking: Booking) -> datetime.datetime:
    """A month after the walk, or after the last day on which it could be."""
    now = timezone.now()
    last_day = now + datetime.timedelta(days=booking.bcu.horizon_days)
    last = booking.walk.end_at if booking.walk is not None else last_day
    return max(last + LINK_LIVES_AFTER, now + LINK_LIVES_AT_LEAST)


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


def _team(booking: Booking) -> Context:
    return {
        "reference": booking.spoken_reference,
        "team": booking.team.team_name,
        "team_number": booking.team.duty_number,
        "team_hours": booking.team.duty_hours,
    }
