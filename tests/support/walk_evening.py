"""The evening of a walk, as the officers spend it."""

import datetime

import time_machine
from django.utils import timezone

from bookings.on_the_day import actions
from bookings.statuses import RangHer
from outbox.models import Message


def minutes(number):
    return datetime.timedelta(minutes=number)


def travel_minutes(number):
    """Move the clock forward by that many minutes."""
    return time_machine.travel(timezone.now() + minutes(number))


def messages_of_kind(kind):
    return Message.objects.filter(kind=kind)


def walk_events(walk):
    """Return the kind of each event of the walk, and the person who caused it."""
    return [(event.kind, event.by) for event in walk.events.all()]


def record_not_there(booking, by):
    """Record that this officer waited ten minutes for the requester and rang her in vain."""
    actions.miss_her(booking, by=by, waited=10, rang=RangHer.NO_ANSWER)
