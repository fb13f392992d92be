"""What we write to the inbox of a BCU: no personal detail of hers, only the way to the page that has it."""

import datetime
from collections.abc import Mapping
from types import MappingProxyType

from django.conf import settings

from bookings import links
from bookings.emails.compose import Context, about_walk, moment, render
from bookings.emails.threads import team_booking_thread, team_thread
from bookings.models import Booking, Event, Offer, Walk
from bookings.plain_text import one_line
from bookings.statuses import ON_HER_OWN, EventKind, Whereabouts
from bookings.walk_card import walk_of, when_in_words
from boroughs.models import BoroughCommandUnit, Officer
from outbox.actions import queue_message
from outbox.models import Message
from walkandtalk.lib import london

NEW_REQUEST = ("booking:", ":team_new_request:team")
"""What stands before and after the id of the booking in the key of that message."""


def team_officer_left(walk: Walk, officer: Officer, event: Event) -> None:
    """One officer fewer on a walk: the team has to find another, or to cancel in time."""
    left = len(walk.live_officers())
    values = {"officer": one_line(officer.called), "left": left, "least": walk.least_officers}
    _write_of_walk(walk, "team_officer_left", event, values, expires_at=walk.end_at)


def team_not_ended(walk: Walk, event: Event) -> None:
    """Nobody has said that everybody is safe. Said twice, and never too late to be sent."""
    _write_of_walk(walk, "team_not_ended", event, {"ended": london.clock(walk.end_at)})


def team_go_there(booking: Booking, event: Event) -> None:
    """She may be on her way to a walk that we cancelled, when and where she knew it to be."""
    _write_of_walk(booking.walk_as_told or walk_of(booking), "team_go_there", event)


def team_asked_again(booking: Booking, event: Event) -> None:
    """She would like another time. The walk stands until the team has answered her."""
    walk = walk_of(booking)
    values = {"asked": london.clock(event.at), "answer_by": london.long_date(booking.answer_due_at)}
    _write_of_walk(walk, "team_asked_again", event, values, expires_at=walk.start_at)


def team_called_away(walk: Walk, event: Event) -> None:
    """The officers have left the women of a walk, who are first in line now. Never too late to be sent."""
    where = Whereabouts(event.code)
    values = {"left": london.clock(event.at), "where": where.label, "on_her_own": where in ON_HER_OWN}
    _write_of_walk(walk, "team_called_away", event, values)


def team_stopped(walk: Walk, event: Event) -> None:
    """An officer pressed “Stop” on a walk. That there is something, and not what: the page says whom it is about."""
    _write_of_walk(walk, "team_stopped", event, {"pressed": london.clock(event.at)})


def team_nobody_came(booking: Booking, event: Event) -> None:
    """She says so on her page. Never too late to be sent: the team has to ring her."""
    _write_of_walk(walk_of(booking), "team_nobody_came", event, {"pressed": london.clock(event.at)})


def team_one_officer_answered(walk: Walk, event: Event, *, is_settled: bool) -> None:
    """Whether one officer will do. With a no, or until all have said yes, the walk still lacks one."""
    values = {"yes": event.kind == EventKind.ONE_WILL_DO, "is_settled": is_settled}
    _write_of_walk(walk, "team_one_officer_answered", event, values, expires_at=walk.start_at)


def team_company_answered(walk: Walk, event: Event, *, may_join: bool) -> None:
    """All of them said yes, or one said no. Which of them stands on the page of the walk."""
    _write_of_walk(walk, "team_company_answered", event, {"may_join": may_join}, expires_at=walk.start_at)


def team_guest_answered(walk: Walk, event: Event, *, may_come: bool) -> None:
    """All of them said yes to a guest, or one said no. The name stands on the page of the walk alone."""
    _write_of_walk(walk, "team_guest_answered", event, {"may_come": may_come}, expires_at=walk.start_at)


def team_offer_answered(booking: Booking, event: Event, *, chosen: Offer | None = None) -> None:
    """She said yes or no to what we offered, or nothing in time: it is the team's turn."""
    values: Context = {
        "what": event.get_kind_display(),
        "when": chosen.when if chosen else "",
        "is_booked": chosen is not None and chosen.is_place,
        "answer_by": london.long_date(booking.answer_due_at),
    }
    _write_of_booking(booking, "team_offer_answered", values, key=_key(booking, "team_offer_answered", event.pk))


def team_answer_owed(booking: Booking, event: Event) -> None:
    """What we promised her is at risk, or was not kept. Never too late to be sent: she still waits."""
    kind = "team_answer_late" if event.kind == EventKind.LATE else "team_answer_at_risk"
    values: Context = {"answer_by": moment(booking.answer_due_at), "needed": moment(booking.needed_at)}
    _write_of_booking(booking, kind, values, key=_key(booking, kind, event.pk))


def team_new_request(booking: Booking) -> None:
    """Somebody has asked. Where and when, and who she is, stands behind the link."""
    values: Context = {
        "borough": booking.borough.name,
        "confirmed": booking.confirmed_at is not None,
        "answer_by": london.long_date(booking.answer_due_at),
    }
    _write_of_booking(booking, "team_new_request", values, key=f"{NEW_REQUEST[0]}{booking.pk}{NEW_REQUEST[1]}")


def team_handed_over(booking: Booking, event: Event, *, came_from: BoroughCommandUnit) -> None:
    """To the team that has it now. What the others wrote to them stands on its page, not here."""
    values: Context = {"came_from": came_from.name, "answer_by": london.long_date(booking.answer_due_at)}
    _write_of_booking(booking, "team_handed_over", values, key=_key(booking, "team_handed_over", event.pk))


def team_not_delivered(booking: Booking, message: Message) -> None:
    """What we wrote to her did not arrive. Once a message, and never too late: she has to hear some other way."""
    values: Context = {
        "written": london.clock(message.created_at),
        "written_on": london.long_date(message.created_at),
        "when": when_in_words(booking.walk) if booking.walk else "",
    }
    _write_of_booking(booking, "team_not_delivered", values, key=_key(booking, "team_not_delivered", message.pk))


def team_knows_of(booking: Booking, message: Message) -> bool:
    """Whether the team was told that this message did not arrive."""
    return Message.objects.filter(dedupe_key=_key(booking, "team_not_delivered", message.pk)).exists()


def inbox_of(about: Walk | Booking) -> str:
    """What somebody in the police must not see goes to the one inspector who may, not to an inbox that others read."""
    return about.handler.email if about.handler is not None else about.bcu.inbox


def _key(booking: Booking, kind: str, what: object) -> str:
    return f"booking:{booking.pk}:{kind}:{what}:team"


def _write_of_walk(
    walk: Walk,
    kind: str,
    event: Event,
    values: Mapping[str, object] = MappingProxyType({}),
    *,
    expires_at: datetime.datetime | None = None,
) -> None:
    queue_message(
        dedupe_key=f"walk:{walk.pk}:{kind}:{event.pk}:team",
        thread=team_thread(walk),
        recipient=inbox_of(walk),
        sender=settings.FROM_EMAIL,
        revision=walk.revision,
        expires_at=expires_at,
        **render(kind, about_walk(walk) | dict(values)),
    )


def _write_of_booking(booking: Booking, kind: str, values: Context, *, key: str) -> None:
    about: Context = {"reference": booking.spoken_reference, "staff_page": links.staff_booking_url(booking)}
    queue_message(
        dedupe_key=key,
        thread=team_booking_thread(booking),
        recipient=inbox_of(booking),
        sender=settings.FROM_EMAIL,
        **render(kind, about | values),
    )
