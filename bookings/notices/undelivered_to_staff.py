"""Messages that did not reach an officer or a team's inbox."""

import datetime
import uuid
from collections.abc import Iterable
from dataclasses import dataclass

from django.db.models import Q

from bookings import links
from bookings.models.bookings import Booking
from bookings.notices.team_emails import team_email_for
from bookings.notices.threads import (
    BCU_THREAD_PREFIX,
    CONCERNS_THREAD_PREFIX,
    DIGEST_THREAD_PREFIX,
    EVENING_LIST_THREAD_PREFIX,
    OFFICER_THREAD_PREFIX,
    TEAM_THREAD_PREFIX,
)
from boroughs.models.officers import Officer
from outbox.models import Message
from outbox.statuses import TO_RESOLVE, State
from walks.links import staff_walk_url
from walks.models.walks import Walk

SHOWN_PERIOD = datetime.timedelta(days=14)
"""Older messages are no longer worth sending."""


@dataclass(frozen=True)
class StaffMessage:
    """An undelivered message, its recipient, and the walk or booking that it is about."""

    message: Message
    officer: Officer | None  # None if the message was for a team's inbox
    to: str
    address: str
    """The recipient's current address, which may have been corrected since."""
    walk: Walk | None = None
    booking: Booking | None = None

    @property
    def page(self) -> str:
        if self.walk is not None:
            return staff_walk_url(self.walk)
        return links.staff_booking_url(self.booking) if self.booking is not None else ""

    @property
    def why(self) -> str:
        match self.message.state:
            case State.FAILED:
                return "The mail server refused it"
            case State.BOUNCED:
                return "It came back"
            case State.EXPIRED:
                return "It could not be sent in time"
            case State.REVIEW:
                return "Our database was restored, so we don’t know whether it was sent"
            case _:
                return "It has not been sent yet, and we are trying again"

    @property
    def is_undelivered(self) -> bool:
        return self.message.state in TO_RESOLVE

    def may_resend(self, now: datetime.datetime) -> bool:
        is_of_use = self.message.expires_at is None or self.message.expires_at > now
        return self.is_undelivered and is_of_use and bool(self.address)


def undelivered_staff_messages(user: Officer, now: datetime.datetime) -> list[StaffMessage]:
    """Return messages about walks and bookings that this inspector can see, and those to her team, newest first."""
    to_staff = Q(
        *[
            ("thread__startswith", start)
            for start in (OFFICER_THREAD_PREFIX, TEAM_THREAD_PREFIX, BCU_THREAD_PREFIX, DIGEST_THREAD_PREFIX)
        ],
        _connector=Q.OR,
    )
    undelivered = Message.objects.undelivered(now).filter(to_staff, created_at__gt=now - SHOWN_PERIOD)
    rows = undelivered.defer("text", "html", "attachments").order_by("-number")
    messages = [row for row in rows if row.is_undelivered_or_late(now)]
    records = _VisibleRecords(user, messages)
    return [news for message in messages if (news := records.news(message)) is not None]


class _VisibleRecords:
    """The walks, bookings and officers that the messages are about, as far as this inspector can see them."""

    def __init__(self, user: Officer, messages: Iterable[Message]) -> None:
        parts = [message.thread.split(":") for message in messages]
        walks = Walk.objects.decided_by(user).select_related("bcu", "nominated_inspector")
        bookings = Booking.objects.visible_to(user).select_related("bcu", "nominated_inspector")
        self.user = user
        self.walks = walks.in_bulk({_uuid(part[2]) for part in parts if len(part) > 2} - {None})
        self.bookings = bookings.in_bulk(
            {_uuid(part[1]) for part in parts if f"{part[0]}:" == TEAM_THREAD_PREFIX} - {None}
        )
        officers = {int(part[1]) for part in parts if f"{part[0]}:" == OFFICER_THREAD_PREFIX}
        self.officers = Officer.objects.select_related("bcu").in_bulk(officers)

    def news(self, message: Message) -> StaffMessage | None:
        start, about, *rest = message.thread.split(":")
        walk = self.walks.get(_uuid(rest[0])) if rest else None
        match f"{start}:":
            case "officer:":
                is_hers_alone = rest in ([EVENING_LIST_THREAD_PREFIX], [CONCERNS_THREAD_PREFIX])
                return self._to_officer(message, self.officers.get(int(about)), walk, is_hers_alone=is_hers_alone)
            case "team:":
                return self._to_team(message, self.bookings.get(_uuid(about)))
            case "bcu:":
                return self._to_team(message, walk)
            case _:
                return self._digest(message, about)

    def _to_officer(
        self, message: Message, officer: Officer | None, walk: Walk | None, *, is_hers_alone: bool
    ) -> StaffMessage | None:
        of_her_team = is_hers_alone and officer is not None and officer.bcu_id == self.user.bcu_id
        if officer is None or (walk is None and not of_her_team):
            return None
        return StaffMessage(
            message, officer, officer.display_name, officer.email if officer.is_active else "", walk=walk
        )

    def _to_team(self, message: Message, about: Walk | Booking | None) -> StaffMessage | None:
        if about is None:
            return None
        walk, booking = (about, None) if isinstance(about, Walk) else (None, about)
        return StaffMessage(message, None, _team(about), team_email_for(about), walk=walk, booking=booking)

    def _digest(self, message: Message, key: str) -> StaffMessage | None:
        bcu = self.user.bcu
        if bcu is not None and key == bcu.code:
            return StaffMessage(message, None, bcu.team_name, bcu.inbox)
        return StaffMessage(message, None, "You", self.user.email) if key == str(self.user.pk) else None


def _team(about: Walk | Booking) -> str:
    return "You" if about.nominated_inspector is not None else about.bcu.team_name


def _uuid(text: str) -> uuid.UUID | None:
    try:
        return uuid.UUID(text)
    except ValueError:
        return None
