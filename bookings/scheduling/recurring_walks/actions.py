"""Offer a place on one date of a recurring walk."""

import datetime
from collections.abc import Collection

from django.db import transaction

from bookings.models.bookings import Booking
from bookings.scheduling.adjustments import Arranged
from bookings.scheduling.shared_walks.places import offer_place
from boroughs.models.officers import Officer
from walkandtalk.lib.errors import BookingError, require
from walks.locks import lock_officers, officers_taken_is_said, wait_at_most_3_seconds
from walks.models.recurring_walks import StandingWalk
from walks.models.walks import Walk
from walks.permissions import is_inspector_of
from walks.recurring.actions import lock_standing_walk, make_walk_of_date
from walks.statuses import WalkStatus


def offer_standing_walk(
    booking: Booking,
    *,
    by: Officer,
    version: int,
    standing: StandingWalk,
    date: datetime.date,
    officers: Collection[Officer] = (),
    arranged: Collection[Arranged] = (),
) -> Walk:
    """Offer her a place on the walk of this date, which is made now if nobody was offered it before.

    Without officers it is given those who walk as a rule. They are told when somebody has said yes.
    """
    with officers_taken_is_said(), transaction.atomic():
        wait_at_most_3_seconds()
        held = lock_officers(officers or list(standing.officers.all()))
        lock_standing_walk(standing)
        require(is_inspector_of(by, standing.bcu))
        if date not in standing.dates(date, date):
            raise BookingError("There is no walk on that day: it is paused, or it ends before. Choose another date.")
        made = standing.walks.exclude(status=WalkStatus.CANCELLED).filter(standing_date=date).first()
        walk = made or make_walk_of_date(standing, date, held)
        offer_place(booking, by=by, version=version, walk=walk, place=standing.area, arranged=arranged)
    return walk
