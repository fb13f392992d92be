"""What each email says, and to whom. Actions call these in the transaction of the event that they speak of.

One kind is three files in templates/bookings/emails: `<kind>.subject.txt`, `<kind>.txt` and `<kind>.html`.
"""

import datetime
from collections.abc import Callable, Mapping, Sequence
from typing import TypedDict

from django.conf import settings
from django.template.loader import render_to_string
from django.utils import timezone

from bookings import links
from bookings.calendar import Method, calendar_attachments
from bookings.models import Booking, Event, Link, Walk
from bookings.plain_text import one_line, render_plain, without_addresses
from bookings.statuses import Channel, PhoneRule, Status
from bookings.walk_card import WalkCard, walk_of, when_in_words
from boroughs.models import Officer
from outbox.actions import Attachment, queue_message, supersede
from walkandtalk.lib import london

LINK_LIVES_AFTER = datetime.timedelta(days=30)
LINK_LIVES_AT_LEAST = datetime.timedelta(days=1)

Context = dict[str, object]
ContextForLink = Callable[[str], Context]


class Content(TypedDict):
    subject: str
    text: str
    html: str


# --- To her ----------------------------------------------------------------------------------------------------------


def her_thread(booking: Booking) -> str:
    return f"her:{booking.pk}"


def officer_thread(walk: Walk, officer: Officer) -> str:
    return f"officer:{officer.pk}:{walk.pk}"


def team_thread(walk: Walk) -> str:
    """One a walk: an inbox that is slow to take one alert must not hold up the next."""
    return f"bcu:{walk.bcu.code}:{walk.pk}"


def request_received(booking: Booking) -> None:
    """Her name, places and times, and what happens next. The reader may be a stranger, so nothing else of hers."""

    def context(token: str) -> Context:
        return {
            "name": without_addresses(booking.contact.name),
            "meeting_place": without_addresses(booking.contact.meeting_place),
            "borough": booking.borough.name,
            "wishes": [str(wish) for wish in booking.wishes.all()],
            "weekday_evenings": booking.weekday_evenings,
            "weekends": booking.weekends,
            "answer_by": london.long_date(booking.answer_due_at),
        }

    _write_to_her(booking, "booking_received", event_id=booking.pk, context=context, discreet="discreet_news")


def link_sent_again(booking: Booking, *, request_id: str) -> None:
    """The way back to her page, to the address on file."""
    _write_to_her(booking, "booking_link", event_id=request_id, discreet="discreet_link")


def booking_scheduled(booking: Booking, event: Event) -> None:
    supersede(her_thread(booking))
    _write_card(booking, "booking_scheduled", event, changes=[])


def booking_changed(booking: Booking, event: Event, *, changes: list[str]) -> None:
    supersede(her_thread(booking))
    _write_card(booking, "booking_changed", event, changes=changes)


def booking_declined(booking: Booking, event: Event) -> None:
    supersede(her_thread(booking))
    _write_ending(booking, "booking_declined", event, discreet="discreet_news")


def booking_cancelled_by_her(booking: Booking, event: Event) -> None:
    supersede(her_thread(booking))
    _write_ending(booking, "booking_cancelled_by_her", event, discreet="discreet_news")


def booking_cancelled_by_us(booking: Booking, event: Event) -> None:
    """She must hear before she leaves home, so this one never comes too late to be sent."""
    supersede(her_thread(booking))
    _write_ending(booking, "booking_cancelled_by_us", event, discreet="discreet_cancelled")


def _write_card(booking: Booking, kind: str, event: Event, *, changes: Sequence[str]) -> None:
    walk = walk_of(booking)
    _write_to_her(
        booking,
        kind,
        event_id=event.pk,
        context=lambda token: {
            **_date_and_start(walk),
            "name": one_line(booking.contact.name),
            "card": WalkCard.of(booking, token=token, changes=changes),
        },
        discreet="discreet_news",
        calendar="PUBLISH",
        expires_at=walk.start_at,
    )


def _write_ending(booking: Booking, kind: str, event: Event, *, discreet: str) -> None:
    def context(token: str) -> Context:
        tell_us = Link.objects.mint(booking, Link.Purpose.TELL_US, expires_at=_link_expires_at(booking))
        walk = _date_and_start(booking.walk) if booking.walk is not None else {}
        return {
            **walk,
            "name": one_line(booking.contact.name),
            "reason": booking.outcome(),
            "words": one_line(event.note),
            "tell_us": links.tell_us_url(booking, tell_us),
            "seen": links.seen_url(booking, token),
            "may_call": PhoneRule.CALL in booking.contact.phone_rules,
            "ask_again": links.ask_again_url(),
        }

    calendar: Method | None = "CANCEL" if booking.walk_id else None
    _write_to_her(booking, kind, event_id=event.pk, context=context, discreet=discreet, calendar=calendar)


def _write_to_her(
    booking: Booking,
    kind: str,
    *,
    event_id: object,
    discreet: str,
    context: ContextForLink = lambda token: {},
    calendar: Method | None = None,
    expires_at: datetime.datetime | None = None,
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
        **_render(template, values),
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


def _team(booking: Booking) -> Context:
    return {
        "reference": booking.spoken_reference,
        "team": booking.bcu.team_name,
        "team_number": booking.bcu.duty_number,
        "team_hours": booking.bcu.duty_hours,
    }


# --- To officers and their team: no personal detail of hers, only the way to the page that has it --------------------


def officer_assigned(walk: Walk, officer: Officer) -> None:
    _write_to_officer(walk, officer, "officer_assigned", expires_at=walk.end_at)


def officer_walk_changed(walk: Walk, officer: Officer, *, changes: list[str]) -> None:
    changed = {"changes": [one_line(change) for change in changes]}
    _write_to_officer(walk, officer, "officer_walk_changed", context=changed, expires_at=walk.end_at)


def officer_released(walk: Walk, officer: Officer) -> None:
    _write_to_officer(walk, officer, "officer_released")


def officer_walk_cancelled(walk: Walk, officer: Officer) -> None:
    _write_to_officer(walk, officer, "officer_walk_cancelled")


def team_officer_left(walk: Walk, officer: Officer, event: Event) -> None:
    """One officer fewer on a walk: the team has to find another, or to cancel in time."""
    left = len(walk.live_officers())
    values = {"officer": one_line(officer.called), "left": left, "least": walk.bcu.min_officers}
    queue_message(
        dedupe_key=f"walk:{walk.pk}:team_officer_left:{event.pk}:team",
        thread=team_thread(walk),
        recipient=walk.bcu.inbox,
        sender=settings.FROM_EMAIL,
        revision=walk.revision,
        expires_at=walk.end_at,
        **_render("team_officer_left", _about_walk(walk) | values),
    )


def team_nobody_came(booking: Booking, event: Event) -> None:
    """She says so on her page. Never too late to be sent: the team has to ring her."""
    walk = walk_of(booking)
    queue_message(
        dedupe_key=f"walk:{walk.pk}:team_nobody_came:{event.pk}:team",
        thread=team_thread(walk),
        recipient=walk.bcu.inbox,
        sender=settings.FROM_EMAIL,
        revision=walk.revision,
        **_render("team_nobody_came", _about_walk(walk) | {"pressed": london.clock(event.at)}),
    )


def _write_to_officer(
    walk: Walk,
    officer: Officer,
    kind: str,
    *,
    context: Mapping[str, object] | None = None,
    expires_at: datetime.datetime | None = None,
) -> None:
    thread = officer_thread(walk, officer)
    supersede(thread)
    queue_message(
        dedupe_key=f"walk:{walk.pk}:{kind}:{walk.revision}:officer-{officer.pk}",
        thread=thread,
        recipient=officer.email,
        sender=settings.FROM_EMAIL,
        revision=walk.revision,
        expires_at=expires_at,
        **_render(kind, _about_walk(walk) | dict(context or {})),
    )


def _about_walk(walk: Walk) -> Context:
    return {
        **_date_and_start(walk),
        "when": when_in_words(walk),
        "finish_place": one_line(walk.finish_place),
        "duty_number": one_line(walk.duty_number),
        "staff_page": links.staff_walk_url(walk),
    }


# --- All -------------------------------------------------------------------------------------------------------------


def _date_and_start(walk: Walk) -> Context:
    return {
        "date": london.long_date(walk.start_at),
        "start": london.clock(walk.start_at),
        "meeting_place": one_line(walk.meeting_place),
    }


def _render(kind: str, context: Context) -> Content:
    """Subject, text and HTML of one kind of message."""
    path = f"bookings/emails/{kind}"
    subject = render_plain(f"{path}.subject.txt", context).strip()
    return {
        "subject": subject,
        "text": render_plain(f"{path}.txt", context),
        "html": render_to_string(f"{path}.html", {**context, "subject": subject}),
    }
