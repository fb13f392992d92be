"""Decisions by an inspector whose page shows the current row."""

from bookings.scheduling.cancellation.actions import Cancellation, cancel_booking_by_us
from bookings.scheduling.changes.actions import WalkChange, change_walk
from bookings.scheduling.schedule.actions import Schedule, schedule_booking
from bookings.statuses import CancelReason, DeclineReason
from bookings.triage.decline.actions import Decline, decline_booking


def cancel_now(booking, by, *, reason=CancelReason.ILLNESS, message=""):
    cancel_booking_by_us(booking, Cancellation(reason=reason, message=message), by=by, version=booking.version)


def decline_now(booking, by, *, reason=DeclineReason.OTHER, alternatives=(), message=""):
    decline = Decline(reason=reason, alternatives=alternatives, message=message)
    decline_booking(booking, decline, by=by, version=booking.version)


def schedule_now(booking, by, *, plan, officers, arranged=()):
    schedule = Schedule(plan=plan, officers=officers, arranged=arranged)
    return schedule_booking(booking, schedule, by=by, version=booking.version)


def change_now(walk, by, *, plan, officers, arranged=None):
    change_walk(walk, WalkChange(plan=plan, officers=officers, arranged=arranged), by=by, version=walk.version)
