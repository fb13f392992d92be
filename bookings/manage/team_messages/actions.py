"""“Message the team”: the requester writes to her team on her page, and an inspector says that she has read it."""

import datetime
from uuid import UUID

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.limits import RateLimit, note_reached
from bookings.events import record
from bookings.locks import lock_booking, lock_for_decision
from bookings.manage.team_messages.emails import send_team_requester_wrote
from bookings.models.bookings import Booking
from bookings.models.team_messages import TeamMessage
from bookings.permissions import RequesterAction, requester_actions
from bookings.statuses import EventKind
from boroughs.models.officers import Officer
from boroughs.without_speaking import WithoutSpeaking
from walkandtalk.lib.errors import ActionError, TransitionNotAllowed
from walkandtalk.lib.rows import save_changes

MESSAGES_AN_HOUR = 5
"""For one booking. Someone who has her phone could flood her team."""
HOUR = datetime.timedelta(hours=1)


class TooManyTeamMessages(ActionError):
    pass


@transaction.atomic
def message_team(booking: Booking, *, words: str) -> None:
    """Save the requester's message and tell her team's inbox, without her words, that there is one.

    Sending the same words again does nothing while they are unread. The version is unchanged, so nobody can block an
    inspector's decision by writing again and again.
    """
    lock_booking(booking)
    now = timezone.now()
    if RequesterAction.MESSAGE_TEAM not in requester_actions(booking, now):
        raise TransitionNotAllowed(_("You can’t send a message from here any more. Your page says how to reach us."))
    last = booking.team_messages.in_order().last()
    if last is not None and last.read_at is None and last.words == words:
        return
    _check_limit(booking, now)
    TeamMessage.objects.create(booking=booking, words=words, at=now)
    event = record(EventKind.TEAM_MESSAGE_SENT, booking=booking)
    send_team_requester_wrote(booking, event)


def _check_limit(booking: Booking, now: datetime.datetime) -> None:
    """Raise TooManyTeamMessages, which names the other ways. The caller holds the lock, so no press slips through."""
    if booking.team_messages.filter(at__gt=now - HOUR).count() < MESSAGES_AN_HOUR:
        return
    note_reached(RateLimit(f"messages of {booking.pk}", HOUR, MESSAGES_AN_HOUR))
    team = booking.team
    ways = WithoutSpeaking.of(team.duty_number, team.text_number)
    values = {
        "most": MESSAGES_AN_HOUR,
        "number": team.duty_number,
        "hours": team.duty_hours,
        "without_speaking": f"{ways.text} {ways.number}".strip(),
    }
    raise TooManyTeamMessages(
        _(
            "We haven’t sent this message, because you sent %(most)s in the last hour. It’s still here, so you can "
            "send it later. Or call %(number)s, %(hours)s. %(without_speaking)s. In danger now? Call 999."
        )
        % values
    )


@transaction.atomic
def mark_team_message_read(booking: Booking, message: UUID, *, by: Officer) -> None:
    """Record that an inspector has read this message. A second press changes nothing."""
    lock_for_decision(booking, by=by)
    unread = booking.team_messages.unread().filter(pk=message).first()
    if unread is not None:
        save_changes(unread, read_at=timezone.now(), read_by=by)
        record(EventKind.TEAM_MESSAGE_READ, booking=booking, by=by)
