"""Messages on the day of the walk, to the requester, the officers and the team."""

import datetime
from collections.abc import Sequence

from django.conf import settings

from bookings.models.bookings import Booking
from bookings.models.events import Event
from bookings.notices.letters import queue_closing_message, queue_requester_message
from bookings.notices.team_emails import write_to_team_of_walk
from bookings.notices.threads import evening_list_thread, requester_thread
from bookings.notices.walk_card import get_walk
from bookings.notices.walk_context import date_and_start_context, walk_context
from bookings.statuses import REQUESTER_ALONE, EventKind, Whereabouts
from boroughs.models.officers import Officer
from outbox.actions import queue_message, supersede
from outbox.composing.compose import render
from outbox.composing.message_files import Context
from walkandtalk.lib import london
from walks.models.walks import Walk


def send_officer_evening_list(officer: Officer, walks: Sequence[Walk], *, now: datetime.datetime) -> None:
    """Send an officer her own walks until 3pm tomorrow. The message expires when the last walk ends."""
    context: Context = {
        "date": london.long_date(now),
        "made": london.clock(now),
        "walks": [walk_context(walk) for walk in walks],
    }
    queue_message(
        dedupe_key=evening_list_key(officer.pk, now),
        thread=evening_list_thread(officer),
        recipient=officer.email,
        sender=settings.FROM_EMAIL,
        expires_at=max(walk.end_at for walk in walks),
        **render("officer_evening_list", context),
    )


def evening_list_key(officer_id: int, now: datetime.datetime) -> str:
    """Return the key of the officer's list for that day, so that each officer gets one list a day."""
    return f"officer:{officer_id}:tonight:{london.local(now).date()}"


SET_OFF_MESSAGE_LIFETIME = datetime.timedelta(minutes=10)


def send_booking_officers_set_off(booking: Booking, event: Event) -> None:
    """Tell the requester that the officers are on their way. The message expires ten minutes after the start."""
    walk = get_walk(booking)

    def context(token: str) -> Context:
        return {**date_and_start_context(walk), "set_off": london.clock(event.at)}

    queue_requester_message(
        booking,
        "booking_officers_set_off",
        event_id=event.pk,
        context=context,
        expires_at=walk.start_at + SET_OFF_MESSAGE_LIFETIME,
    )


def send_booking_requester_absent(booking: Booking, event: Event, *, send_after: datetime.datetime | None) -> None:
    """Tell the requester that we did not meet. Send it after the planned end, because until then she may still come."""
    supersede(requester_thread(booking))
    queue_closing_message(booking, "booking_requester_absent", event, calendar=None, send_after=send_after)


def send_booking_officers_absent(booking: Booking, event: Event) -> None:
    """Apologise to the requester because we did not come."""
    supersede(requester_thread(booking))
    write_missed_by_us(booking, event)


def write_missed_by_us(booking: Booking, event: Event, *, note: str | None = None) -> None:
    queue_closing_message(booking, "booking_officers_absent", event, calendar=None, note=note)


def send_booking_cut_short(booking: Booking, event: Event) -> None:
    """Tell the requester that the officers had to leave and that she has priority. Officers' notes are still sent."""
    supersede(requester_thread(booking), except_kinds=["recorded_notes"])
    queue_closing_message(booking, "booking_cut_short", event)


def send_team_officer_withdrew(walk: Walk, officer: Officer, event: Event) -> None:
    """Tell the team that an officer has left a walk, so that it can assign another or cancel in time."""
    remaining = len(walk.live_officers())
    values = {"officer": officer.display_name, "remaining": remaining, "min_officers": walk.least_officers}
    write_to_team_of_walk(walk, "team_officer_withdrew", event, values, expires_at=walk.end_at)


def send_team_officer_cut_off(walk: Walk, officer: Officer, event: Event) -> None:
    """Tell the team that an officer was taken off during this walk. The message never expires: the team must ring."""
    is_closed = not officer.is_active
    values = {"officer": officer.display_name, "is_closed": is_closed, "remaining": len(walk.live_officers())}
    write_to_team_of_walk(walk, "team_officer_cut_off", event, values)


def send_team_officer_with_requester(walk: Walk, officer: Officer, event: Event) -> None:
    """Tell the team that an officer is with a requester on a walk short of officers. The message never expires."""
    is_escort = event.kind == EventKind.ESCORT_BEGAN
    values = {"officer": officer.display_name, "pressed": london.clock(event.at), "is_escort": is_escort}
    write_to_team_of_walk(walk, "team_officer_with_requester", event, values)


def send_team_end_overdue(walk: Walk, event: Event) -> None:
    """Tell the team that nobody has said the walk ended safely. The message is sent twice and never expires."""
    write_to_team_of_walk(walk, "team_end_overdue", event, {"ended": london.clock(walk.end_at)})


def send_team_attendance_needed(booking: Booking, event: Event) -> None:
    """Tell the team that the requester may be going to a cancelled walk, at the time and place she was last told."""
    write_to_team_of_walk(booking.walk_as_last_notified or get_walk(booking), "team_attendance_needed", event)


def send_team_walk_cut_short(walk: Walk, event: Event) -> None:
    """Tell the team that the officers were called away from a walk. The message never expires."""
    where = Whereabouts(event.code)
    values = {"left": london.clock(event.at), "where": where.label, "on_her_own": where in REQUESTER_ALONE}
    write_to_team_of_walk(walk, "team_walk_cut_short", event, values)


def send_team_nobody_came(booking: Booking, event: Event) -> None:
    """Tell the team of the requester's report that no officer came. It never expires: the team must ring her."""
    write_to_team_of_walk(get_walk(booking), "team_nobody_came", event, {"pressed": london.clock(event.at)})
