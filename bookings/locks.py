"""Locks on bookings, and optimistic locking: nobody decides on a page that is out of date."""

from django.db.models import Q
from django.utils.translation import gettext as _

from bookings.models.booking_queries import BookingQuerySet
from bookings.models.bookings import Booking
from bookings.models.events import Event
from bookings.models.offers import Offer
from bookings.permissions import can_decide
from bookings.statuses import EventKind, Status
from boroughs.models.officers import Officer
from walkandtalk.lib import london
from walkandtalk.lib.errors import TransitionNotAllowed, require
from walks.locks import lock_officers, lock_walk
from walks.models.walks import Walk


def lock_for_decision(booking: Booking, *, by: Officer, version: int | None = None) -> None:
    """Lock the booking for an inspector who may decide on it, and check the version that her page showed.

    Raises PermissionDenied, or TransitionNotAllowed where the booking has changed since.
    """
    lock_booking(booking)
    require(can_decide(by, booking))
    if version is not None:
        check_version(booking, version=version)


def check_version(row: Booking | Walk, *, version: int) -> None:
    """Is this still what her page showed? The caller holds the row."""
    if row.version != version:
        said = "Somebody has changed this since you opened the page"
        done = "; ".join(
            _describe_event(event) for event in row.events.filter(version__gt=version).select_related("by")
        )
        raise TransitionNotAllowed(
            f"{said}: {done}. Look at it again, then decide." if done else f"{said}. Look at it again."
        )


def check_not_done_by_colleague(booking: Booking, kind: EventKind, *, by: Officer) -> None:
    """Has a colleague pressed this button first? Pressing twice oneself is no mistake."""
    last = booking.events.filter(kind=kind).select_related("by").last()
    if last is not None and last.by != by:
        raise TransitionNotAllowed(f"This was done before you pressed: {_describe_event(last)}.")


def _describe_event(event: Event) -> str:
    """What, who and when: "Declined by Inspector Ines Inspector at 2:02pm on Tuesday 8 December 2026"."""
    who = f" by {event.by.display_name}" if event.by is not None else ""
    return f"“{event.get_kind_display()}”{who} at {london.clock(event.at)} on {london.long_date(event.at)}"


def lock_booking(booking: Booking) -> None:
    """Read the row afresh and hold it, and with it the rows that belong to it alone.

    What was read with it before, but for its BCU, is forgotten here and read again when it is asked for.
    """
    rows = Booking.objects.select_for_update(no_key=True, of=("self",)).select_related("bcu")
    booking.refresh_from_db(from_queryset=rows)


def lock_walks_of_booking(booking: Booking) -> list[Walk]:
    """Hold her walk, and the one that was broken off, by id."""
    walks = {walk.pk: walk for walk in (booking.walk, booking.cut_short_walk) if walk is not None}
    held = [walks[pk] for pk in sorted(walks)]
    for walk in held:
        lock_walk(walk)
    return held


def _lockable_bookings() -> BookingQuerySet:
    """What belongs to a booking is read once it is held: joined to it, it would be as it was before waiting for it."""
    rows = Booking.objects.select_for_update(no_key=True, of=("self",))
    return rows.select_related("bcu", "nominated_inspector__bcu").prefetch_related("contact", "acknowledgement")


def lock_scheduled_bookings(walk: Walk) -> list[Booking]:
    """Every booking that still counts on this walk being held, by id."""
    rows = _lockable_bookings()
    return list(rows.filter(walk=walk, status=Status.SCHEDULED).order_by("pk"))


def lock_bookings_on_walk(walk: Walk, *, besides: Booking | None = None) -> list[Booking]:
    """The bookings on this walk, those that may still say yes to a place on it, and this one: all by id."""
    offered = Offer.objects.filter(walk=walk, answer="").values("booking")
    hers = Q(walk=walk, status=Status.SCHEDULED) | Q(pk__in=offered, status=Status.OFFERED)
    if besides is not None:
        hers |= Q(pk=besides.pk)
    rows = _lockable_bookings()
    return list(rows.filter(hers).order_by("pk"))


def lock_booking_with_walk(booking: Booking) -> Walk | None:
    """Hold her officers, then her walk, then her booking: the way to anything that may let officers go."""
    walk = Walk.objects.filter(bookings=booking).select_related("bcu").first()
    if walk is not None:
        lock_officers(walk.live_officers())
        lock_walk(walk)
    lock_booking(booking)
    if booking.walk_id != (walk.pk if walk else None):
        raise TransitionNotAllowed(
            _("Something has changed at this very moment. Look at it again, then press once more.")
        )
    return walk
