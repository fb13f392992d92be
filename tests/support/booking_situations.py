"""Bookings in every situation that decides what may be done with them."""

import datetime

from django.utils import timezone

from bookings.manage.freeze.actions import freeze_booking
from bookings.statuses import CancelReason, Channel, DeclineReason, SafeguardingOutcome, Status
from boroughs.models.officers import Officer
from tests.support.factories import (
    BookingFactory,
    OfferFactory,
    OfficerFactory,
    SafeguardingFlagFactory,
    WalkFactory,
    in_days,
)
from tests.support.people import make_camden

HOUR = datetime.timedelta(hours=1)

STATUSES = [status for status in Status if status != Status.OFFERED]  # which has an offer: below
SITUATIONS = {
    **{f"was {status}": lambda place, walk, status=status: in_status(status, place, walk) for status in STATUSES},
    "waits unconfirmed, may be rung": lambda place, walk: BookingFactory(
        borough=place, confirmed_at=None, contact__phone_rules=["call"]
    ),
    "waits, discreet": lambda place, walk: BookingFactory(borough=place, channel=Channel.DISCREET),
    "waits without messages": lambda place, walk: BookingFactory(
        borough=place, contact__messages_stopped_at=timezone.now()
    ),
    "waits unconfirmed": lambda place, walk: BookingFactory(borough=place, confirmed_at=None),
    "has an offer": lambda place, walk: OfferFactory(booking__borough=place).booking,
    "walk to come": lambda place, walk: on_walk(place, walk(in_days(9))),
    "walk to come, unconfirmed": lambda place, walk: on_walk(place, walk(in_days(9)), confirmed_at=None),
    "walk to come, change requested": lambda place, walk: on_walk(
        place, walk(in_days(9)), change_requested_at=timezone.now()
    ),
    "walk should have started": lambda place, walk: on_walk(place, walk(timezone.now() - HOUR / 4)),
    "walk under way": lambda place, walk: on_walk(place, walk(timezone.now() - HOUR / 4, status="under_way")),
    "walk is over": lambda place, walk: on_walk(place, walk(timezone.now() - 2 * HOUR)),
    "walk completed, she says nobody came": lambda place, walk: on_walk(
        place,
        walk(timezone.now() - 2 * HOUR, status="completed"),
        status=Status.COMPLETED,
        acknowledgement__nobody_came_reported_at=timezone.now(),
    ),
    "marked": lambda place, walk: SafeguardingFlagFactory(booking__borough=place).booking,
    "marked and closed": lambda place, walk: (
        SafeguardingFlagFactory(
            booking__borough=place, closed_at=timezone.now(), outcome=SafeguardingOutcome.KNOWN
        ).booking
    ),
    "frozen": lambda place, walk: in_freeze(place),
    "walk soon, may be rung": lambda place, walk: on_walk(
        place,
        walk(timezone.now() + 3 * HOUR),
        contact__phone_rules=["call"],
        acknowledgement__acknowledged_at=timezone.now(),
    ),
    "being erased": lambda place, walk: BookingFactory(
        borough=place, status=Status.COMPLETED, walk=walk(in_days(-1), status="completed"), erasure_due_at=in_days(1)
    ),
    "erased": lambda place, walk: BookingFactory(
        borough=place, status=Status.DECLINED, outcome_code=DeclineReason.OTHER, erased_at=timezone.now()
    ),
}


def make_booking(world, situation):
    """Make a booking in this situation. Return it with an officer who is on its walk, if it has one."""
    bcu = world.people["inspector"].bcu
    officers = [OfficerFactory(bcu=bcu, name=name) for name in ("Ana Other", "Una Other")]

    def make_walk(start_at, **fields):
        return WalkFactory(bcu=bcu, officers=officers, start_at=start_at, **fields)

    return SITUATIONS[situation](bcu.boroughs.first(), make_walk), officers[0]


def in_status(status, place, walk):
    codes = {Status.DECLINED: DeclineReason.OTHER, Status.CANCELLED_BY_US: CancelReason.OTHER}
    walks = {
        Status.SCHEDULED: {"start_at": in_days(9)},
        Status.COMPLETED: {"start_at": in_days(-9), "status": "completed"},
    }
    return BookingFactory(
        borough=place,
        status=status,
        walk=walk(**walks[status]) if status in walks else None,
        outcome_code=codes.get(status, ""),
    )


def on_walk(place, walk, **fields):
    return BookingFactory(
        **{"borough": place, "walk": walk, "walk_needed_at": walk.start_at, "status": "scheduled"} | fields
    )


def in_freeze(place):
    """Return a frozen booking of another BCU, which the inspector of this place reviews."""
    reviewer = Officer.objects.filter(bcu=place.bcu, role=Officer.Role.INSPECTOR).earliest("pk")
    booking = BookingFactory(borough=make_camden(), contact__phone_rules=["call"])
    freeze_booking(booking)
    booking.nominated_inspector = reviewer
    booking.save()
    return booking
