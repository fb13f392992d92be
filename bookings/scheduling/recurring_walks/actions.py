"""Offer a place on one date of a recurring walk."""

import datetime
from collections.abc import Collection

from django.db import transaction

from bookings.models.bookings import Booking
from bookings.scheduling.adjustments import ArrangedAdjustment
from bookings.scheduling.shared_walks.places import offer_place_on_walk
from boroughs.models.officers import Officer
from walkandtalk.lib.errors import ActionError, require
from walks.locks import lock_officers, raise_officer_not_available, set_lock_timeout
from walks.models.recurring_walks import RecurringWalk
from walks.models.walks import Walk
from walks.permissions import is_inspector_of
from walks.recurring.actions import lock_recurring_walk, make_walk_of_date
from walks.statuses import WalkStatus


def offer_recurring_walk(
    booking: Booking,
    *,
    by: Officer,
    version: int,
    recurring_walk: RecurringWalk,
    date: datetime.date,
    officers: Collection[Officer] = (),
    arranged: Collection[ArrangedAdjustment] = (),
) -> Walk:
    """Offer her a place on the walk of this date, which is made now if nobody was offered it before.

    Without officers it is given those who walk as a rule. They are told when somebody has said yes.
    """
    with raise_officer_not_available(), transaction.atomic():
        set_lock_timeout()
        held = lock_officers(officers or list(recurring_walk.officers.all()))
        lock_recurring_walk(recurring_walk)
        require(is_inspector_of(by, recurring_walk.bcu))
        if date not in recurring_walk.dates(date, date):
            raise ActionError("There is no walk on that day: it is paused, or it ends before. Choose another date.")
        made = recurring_walk.walks.exclude(status=WalkStatus.CANCELLED).filter(recurring_date=date).first()
        walk = made or make_walk_of_date(recurring_walk, date, held)
        offer_place_on_walk(booking, by=by, version=version, walk=walk, place=recurring_walk.area, arranged=arranged)
    return walk
