"""Messages about colleagues who leave a team or join it. They name staff and give numbers, and never a requester."""

from django.conf import settings

from accounts.emails import write_about_account
from accounts.models import SecurityEvent
from administration.left_behind import LeftBehind
from bookings.links import staff_url
from bookings.notices.threads import colleague_thread
from boroughs.models.officers import Officer
from outbox.actions import queue_message
from outbox.composing.compose import render
from outbox.composing.message_files import Context
from walkandtalk.lib.addresses import public_url


def send_team_colleague_left(person: Officer, left: LeftBehind, event: SecurityEvent, *, moved_to: str = "") -> None:
    """Tell the inspectors of the person's BCU in numbers. `moved_to` is empty if the account is closed.

    Each walk that is short of officers has a message of its own.
    """
    if not left.is_anything:
        return
    values: Context = {
        "officer": person.display_name,
        "moved_to": moved_to,
        "walks_left": left.walks,
        "bookings_left": left.bookings,
        "concerns_left": left.concerns,
        "recurring_walks_left": left.recurring_walks,
        "page": staff_url("triage:today"),
    }
    _write_to_team(person, "team_colleague_left", event, values)


def send_moved(person: Officer, event: SecurityEvent) -> None:
    """Tell the person and their new team. `person` is as they are now."""
    team = person.bcu.name if person.bcu is not None else ""
    write_about_account(person, "account_moved", event, {"team": team, "link": public_url("staff-home")})
    values: Context = {"officer": person.display_name, "page": staff_url("walks:duties")}
    _write_to_team(person, "team_colleague_joined", event, values)


def _write_to_team(person: Officer, kind: str, event: SecurityEvent, values: Context) -> None:
    if person.bcu is None:
        return
    queue_message(
        dedupe_key=f"officer:{person.pk}:{kind}:{event.pk}",
        thread=colleague_thread(person.bcu, person),
        recipient=person.bcu.inbox,
        sender=settings.FROM_EMAIL,
        **render(kind, values),
    )
