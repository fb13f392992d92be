"""Looks: lines of the read log at a certain time."""

import datetime

import time_machine

from bookings.models.read_log import ReadLog
from walkandtalk.lib import london


def look(officer, booking=None, *, at=None, kinds=("page",), reason="decide", **about):
    """Write one line. Lines cannot be changed, so it is written with its time."""
    when = {"at": at} if at is not None else {}
    return ReadLog.objects.create(officer=officer, booking=booking, kinds=list(kinds), reason=reason, **when, **about)


def in_london(day, hour, minute=0):
    return london.first_instant(day, datetime.time(hour, minute))


def travel_to(instant):
    return time_machine.travel(instant, tick=False)
