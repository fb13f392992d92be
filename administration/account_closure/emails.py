"""The message that tells a team what a colleague has left to it."""

from django.conf import settings

from accounts.models import SecurityEvent
from administration.left_behind import LeftBehind
from bookings.links import staff_url
from bookings.notices.threads import account_closed_thread
from boroughs.models.officers import Officer
from outbox.actions import queue_message
from outbox.composing.compose import render


def send_team_account_closed(person: Officer, left: LeftBehind, event: SecurityEvent) -> None:
    """Tell the inspectors of the BCU in numbers. Each walk that is short of officers has a message of its own."""
    if person.bcu is None or not left.is_anything:
        return
    values = {
        "officer": person.display_name,
        "walks_left": left.walks,
        "bookings_left": left.bookings,
        "concerns_left": left.concerns,
        "recurring_walks_left": left.recurring_walks,
        "page": staff_url("triage:today"),
    }
    queue_message(
        dedupe_key=f"officer:{person.pk}:team_account_closed:{event.pk}",
        thread=account_closed_thread(person.bcu, person),
        recipient=person.bcu.inbox,
        sender=settings.FROM_EMAIL,
        **render("team_account_closed", values),
    )
