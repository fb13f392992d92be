"""Steps of officers on the day of a walk."""

import datetime

import time_machine
from django.utils import timezone

from bookings.on_the_day import actions
from bookings.statuses import CallOutcome
from outbox.models import Message


def minutes(number):
    return datetime.timedelta(minutes=number)


def advance_clock(number):
    """Move the clock forward by that many minutes."""
    return time_machine.travel(timezone.now() + minutes(number))


def messages_of_kind(kind):
    return Message.objects.filter(kind=kind)


def walk_events(walk):
    """Return the kind of each event of the walk, and the person who caused it."""
    return [(event.kind, event.by) for event in walk.events.all()]


def record_requester_absent(booking, by):
    """Record that this officer waited ten minutes for the requester and rang her in vain."""
    actions.record_no_show(booking, actions.NoShow(waited_minutes=10, call_outcome=CallOutcome.NO_ANSWER), by=by)
