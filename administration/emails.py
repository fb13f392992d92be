"""Messages about colleagues who leave a team or join it. They name staff and give numbers, and never a requester."""

from django.conf import settings

from accounts.emails import write_about_account
from accounts.models import SecurityEvent
from administration.left_behind import LeftBehind
from bookings.links import staff_url
from bookings.notices.threads import colleague_thread
from boroughs.models.bcus import BoroughCommandUnit
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


def send_identity_changed(before: Officer, now: Officer, event: SecurityEvent) -> None:
    """Tell the person and their team of another name, rank or number, with those of before."""
    values: Context = {"before": before.display_name, "now": now.display_name}
    write_about_account(now, "account_name_changed", event, values)
    _write_to_team(now, "team_name_changed", event, values)


def send_nomination_ended(
    bcu: BoroughCommandUnit, person: Officer, event: SecurityEvent, *, by: Officer | None
) -> None:
    """Tell the BCU, the other administrators, and the inspector who takes over until there is a nominated one."""
    successor = Officer.objects.nominated_inspector_for(bcu)
    administrators = Officer.objects.filter(role=Officer.Role.ADMINISTRATOR, is_active=True)
    others = administrators.exclude(pk=by.pk) if by is not None else administrators
    addresses = {bcu.inbox, *others.values_list("email", flat=True), *([successor.email] if successor else [])}
    values: Context = {
        "bcu": bcu.name,
        "officer": person.display_name,
        "successor": successor.display_name if successor is not None else "",
        "page": public_url("staff-home"),
    }
    content = render("team_nomination_ended", values)
    for number, address in enumerate(sorted(addresses - {person.email})):
        key = f"nomination:{event.pk}:team_nomination_ended:{number}"
        queue_message(dedupe_key=key, thread=key, recipient=address, sender=settings.FROM_EMAIL, **content)


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
