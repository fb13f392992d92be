"""Locks on bookings, and optimistic locking: nobody decides on a page that is out of date."""

from collections.abc import Collection
from uuid import UUID

from django.db.models import Q
from django.utils.translation import gettext as _

from bookings.models.booking_queries import BookingQuerySet
from bookings.models.bookings import Booking
from bookings.models.events import Event
from bookings.models.offers import Offer
from bookings.permissions import can_decide
from bookings.statuses import HERS_ALONE, EventKind, Status
from boroughs.models.officers import Officer
from walkandtalk.lib import london
from walkandtalk.lib.errors import TransitionNotAllowed, require
from walks.locks import lock_walk, lock_walk_with_officers
from walks.models.walks import Walk


class PageOutOfDate(TransitionNotAllowed):
    """The row has changed since the page was shown. `version` is its version now, of which the error tells."""

    def __init__(self, message: str, *, version: int) -> None:
        super().__init__(message)
        self.version = version


def lock_for_decision(booking: Booking, *, by: Officer, version: int | None = None) -> None:
    """Lock the booking for an inspector who may decide on it, and check the version that her page showed.

    Raise PermissionDenied, PageOutOfDate if the booking has changed since, or TransitionNotAllowed if it is frozen.
    What needs no version, such as a note, is possible during a freeze too.
    """
    lock_booking(booking)
    require(can_decide(by, booking))
    if version is not None:
        check_version(booking, version=version)
        if booking.frozen_at is not None:
            raise TransitionNotAllowed("She said “This wasn’t me”. Speak with her and lift the freeze first.")


def check_version(row: Booking | Walk, *, version: int) -> None:
    """Raise PageOutOfDate if the row has changed since the page was shown. The caller holds the lock."""
    if row.version != version:
        said = "Someone has changed this since you opened the page"
        events = row.events.filter(version__gt=version).exclude(kind__in=HERS_ALONE, by=None).select_related("by")
        done = "; ".join(_describe_event(event) for event in events)
        message = f"{said}: {done}. Look at it again, then decide." if done else f"{said}. Look at it again."
        raise PageOutOfDate(message, version=row.version)


def check_not_done_by_colleague(booking: Booking, kind: EventKind, *, by: Officer) -> None:
    """Raise TransitionNotAllowed if a colleague pressed this button first. The same person may press it twice."""
    last = booking.events.filter(kind=kind).select_related("by").last()
    if last is not None and last.by != by:
        raise TransitionNotAllowed(f"This was done before you pressed: {_describe_event(last)}.")


def _describe_event(event: Event) -> str:
    """Describe an event: "“Declined” by Inspector Ines Inspector at 2:02pm on Tuesday 8 December 2026"."""
    who = f" by {event.by.display_name}" if event.by is not None else ""
    return f"“{event.get_kind_display()}”{who} at {london.clock(event.at)} on {london.long_date(event.at)}"


def lock_booking(booking: Booking) -> None:
    """Lock the booking and read it again. The lock also covers the rows that belong to this booking alone.

    Related rows read earlier are dropped, and read again when they are used.
    """
    booking.refresh_from_db(from_queryset=Booking.objects.select_for_update(no_key=True))


def lock_walks_of_booking(booking: Booking) -> list[Walk]:
    """Lock the booking's walk, and the walk that was cut short, in order of id."""
    walks = {walk.pk: walk for walk in (booking.walk, booking.cut_short_walk) if walk is not None}
    held = [walks[pk] for pk in sorted(walks)]
    for walk in held:
        lock_walk(walk)
    return held


def _lockable_bookings() -> BookingQuerySet:
    """Return bookings to lock, with related rows read after the lock.

    A join would read them as before the wait, and lose a booking that was handed over to another BCU during it.
    """
    rows = Booking.objects.select_for_update(no_key=True)
    return rows.prefetch_related("bcu", "nominated_inspector__bcu", "contact", "acknowledgement")


def lock_scheduled_bookings(walk: Walk) -> list[Booking]:
    """Lock every scheduled booking of this walk, in order of id."""
    rows = _lockable_bookings()
    return list(rows.filter(walk=walk, status=Status.SCHEDULED).order_by("pk"))


def lock_bookings_on_walk(walk: Walk, *, besides: Booking | None = None) -> list[Booking]:
    """Lock the bookings on this walk, those with an open offer of a place on it, and `besides`, in order of id."""
    wanted = _is_on_walk(walk)
    if besides is not None:
        wanted |= Q(pk=besides.pk)
    rows = _lockable_bookings()
    return list(rows.filter(wanted).order_by("pk"))


def _is_on_walk(walk: Walk) -> Q:
    offered = Offer.objects.filter(walk=walk, answer="").values("booking")
    return Q(walk=walk, status=Status.SCHEDULED) | Q(pk__in=offered, status=Status.OFFERED)


def lock_bookings(pks: Collection[UUID]) -> list[Booking]:
    """Lock these bookings, in order of id."""
    return list(_lockable_bookings().filter(pk__in=pks).order_by("pk"))


def lock_booking_ids(pks: Collection[UUID], *, walk: Walk | None = None) -> list[UUID]:
    """Lock these bookings, and those on the walk, in order of id. Return their ids, and read nothing else."""
    wanted = Q(pk__in=pks) if walk is None else Q(pk__in=pks) | _is_on_walk(walk)
    rows = Booking.objects.select_for_update(no_key=True).filter(wanted)
    return list(rows.order_by("pk").values_list("pk", flat=True))


def lock_booking_with_walk(booking: Booking) -> Walk | None:
    """Lock the walk's officers, then the walk, then the booking. Needed before any change that may free officers.

    Raise TransitionNotAllowed if the booking got another walk in the meantime.
    """
    walk = Walk.objects.filter(bookings=booking).select_related("bcu").first()
    if walk is not None:
        lock_walk_with_officers(walk)
    lock_booking(booking)
    if booking.walk_id != (walk.pk if walk else None):
        raise TransitionNotAllowed(_("Something has just changed. Look at it again, then press the button again."))
    return walk
