"""The evening list, alerts and closing walks, started by the clock."""

import datetime

from django.db.models import Exists, OuterRef

from bookings.models.bookings import Booking
from bookings.models.conditions import to_go_to
from bookings.models.events import Event
from bookings.models.walk_queries import nobody_is_left_on, not_ended_safely
from bookings.on_the_day import actions as on_the_day_actions
from bookings.on_the_day import emails
from bookings.on_the_day.alerts import alert_go_there, alert_not_ended
from bookings.on_the_day.evening_list import walks_tonight
from bookings.on_the_day.outcomes.actions import close_walk
from bookings.statuses import EventKind
from boroughs.models.officers import Officer
from outbox.jobs import BATCH, for_each
from outbox.models import Message
from walks.models.walks import Walk


def list_tonight(now: datetime.datetime) -> None:
    """To each officer her own walks until 3pm tomorrow, from 3pm on."""
    walking = Officer.objects.filter(
        assignments__walk__in=walks_tonight(now), assignments__is_live=True, is_active=True
    )
    officers = {emails.tonight_key(officer.pk, now): officer for officer in walking.distinct().order_by("pk")}
    listed = set(Message.objects.filter(dedupe_key__in=officers).values_list("dedupe_key", flat=True))
    to_list = [officer for key, officer in officers.items() if key not in listed]
    for_each(to_list[:BATCH], lambda officer: on_the_day_actions.list_tonight(officer, now=now))


def alert_of_tonight(now: datetime.datetime) -> None:
    """Walks that nobody has ended, and places that somebody has to go to."""
    twice = Event.objects.filter(walk=OuterRef("pk"), kind=EventKind.NOT_ENDED, code="second")
    for_each(not_ended_safely(Walk.objects.all(), now).filter(~Exists(twice)).order_by("pk")[:BATCH], alert_not_ended)
    told = Event.objects.filter(booking=OuterRef("pk"), kind=EventKind.GO_THERE)
    for_each(Booking.objects.filter(~Exists(told), to_go_to(now)).order_by("pk")[:BATCH], alert_go_there)


def close_walks(now: datetime.datetime) -> None:
    """Whom nobody is left on, once its time is over."""
    for_each(nobody_is_left_on(Walk.objects.all(), now).order_by("pk")[:BATCH], close_walk)
