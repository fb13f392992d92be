"""Offer a place on one date of a recurring walk."""

import datetime
from collections.abc import Collection
from dataclasses import dataclass

from django.db import transaction

from bookings.models.bookings import Booking
from bookings.scheduling.adjustments import ArrangedAdjustment
from bookings.scheduling.shared_walks.places import PlaceOffer, offer_place_on_walk
from bookings.statuses import EventKind
from bookings.undo.recording import undoable
from boroughs.models.officers import Officer
from walkandtalk.lib.errors import ActionError, require
from walks.locks import lock_officers, lock_walk, raise_officer_not_available, set_lock_timeout
from walks.models.recurring_walks import RecurringWalk
from walks.models.walks import Walk
from walks.permissions import is_inspector_of
from walks.recurring.actions import lock_recurring_walk, make_walk_of_date
from walks.statuses import WalkStatus


@dataclass(frozen=True, kw_only=True)
class RecurringWalkOffer:
    """A date of a recurring walk, the officers who lead it, and how each of the requester's needs is met."""

    recurring_walk: RecurringWalk
    date: datetime.date
    officers: Collection[Officer] = ()
    arranged: Collection[ArrangedAdjustment] = ()


def offer_recurring_walk(booking: Booking, offer: RecurringWalkOffer, *, by: Officer, version: int) -> Walk:
    """Offer the requester a place on this date. Create the walk if the date has not been offered before.

    Without `officers`, the walk gets the officers who usually lead it. They are told once a requester accepts.
    """
    recurring_walk, date = offer.recurring_walk, offer.date
    with raise_officer_not_available(), transaction.atomic():
        set_lock_timeout()
        locked_officers = lock_officers(offer.officers or list(recurring_walk.officers.all()))
        lock_recurring_walk(recurring_walk)
        require(is_inspector_of(by, recurring_walk.bcu))
        if date not in recurring_walk.dates(date, date):
            raise ActionError("There’s no walk on that day: it’s paused, or it has ended by then. Choose another date.")
        existing = recurring_walk.walks.exclude(status=WalkStatus.CANCELLED).filter(recurring_date=date).first()
        if existing is not None:
            lock_walk(existing)
        with undoable(EventKind.OFFERED, booking, by=by, walk=existing):
            walk = existing or make_walk_of_date(recurring_walk, date, locked_officers)
            place = PlaceOffer(walk=walk, place=recurring_walk.area, arranged=offer.arranged)
            offer_place_on_walk(booking, place, by=by, version=version)
    return walk
