"""Repeat in a restored database what requesters, jobs and auditors decided about personal details since the backup."""

import datetime
from dataclasses import dataclass
from uuid import UUID

from django.utils import timezone

from bookings.manage.jobs import end_sessions_of_erased_bookings
from bookings.models.bookings import Booking
from bookings.models.legal_holds import LegalHold
from bookings.retention.holds import reapply_end_of_hold, reapply_hold
from bookings.retention.ledger import LedgerEntry, read_entries, read_holds
from boroughs.models.officers import Officer
from data_rights.erasure.actions import reapply_erasure, reapply_request, reapply_undo
from walkandtalk.lib import london
from walkandtalk.lib.errors import ActionError

BACKUPS_KEPT = datetime.timedelta(days=21)
"""How old a backup may be (deploy/postgresql/pgbackrest.conf). An entry of the ledger stays for at least as long."""


class LedgerIncomplete(ActionError):
    """The ledger lacks erasures that the database has, so it can't be the right one, or not all of it."""


@dataclass(frozen=True, kw_only=True)
class Reapplied:
    """The numbers of what was repeated."""

    held: int
    holds_ended: int
    entries: int
    known: int
    erased: int
    asked: int
    undone: int

    def lines(self) -> list[str]:
        return [
            f"Held again: {self.held}. Holds ended again: {self.holds_ended}",
            f"Erasures in the ledger: {self.entries}",
            f"Of bookings in this database: {self.known}",
            f"Erased again: {self.erased}",
            f"Hidden again, to be erased later: {self.asked}",
            f"Kept, because she undid it: {self.undone}",
        ]


def reapply_erasures(*, may_be_incomplete: bool = False) -> Reapplied:
    """Repeat holds, erasures, requests to erase, and their undoing. It may run any number of times.

    Raise LedgerIncomplete, and change nothing, if the ledger can't be the right one.
    """
    entries = {entry.booking: entry for entry in read_entries()}
    if not may_be_incomplete:
        _require_complete(entries)
    held, holds_ended = _reapply_holds()
    known = Booking.objects.filter(pk__in=entries)
    erased = asked = 0
    for booking in known.filter(erased_at=None).order_by("pk"):
        entry = entries[booking.pk]
        if entry.due_at is None:
            reapply_erasure(booking, requested=entry.requested)
            erased += 1
        elif booking.erasure_due_at is None:
            reapply_request(booking, due_at=entry.due_at)
            asked += 1
    undone = list(Booking.objects.filter(erased_at=None, erasure_due_at__isnull=False).exclude(pk__in=entries))
    for booking in undone:
        reapply_undo(booking)
    end_sessions_of_erased_bookings(timezone.now())
    return Reapplied(
        held=held,
        holds_ended=holds_ended,
        entries=len(entries),
        known=known.count(),
        erased=erased,
        asked=asked,
        undone=len(undone),
    )


def _require_complete(entries: dict[UUID, LedgerEntry]) -> None:
    """Refuse a ledger without what this very database has erased: another folder, or one that lost files."""
    if not entries:
        raise LedgerIncomplete("The ledger is empty. Does ERASURES_OPTIONS name the right one?")
    since = timezone.now() - BACKUPS_KEPT
    missing = Booking.objects.filter(erased_at__gt=since).exclude(pk__in=entries).count()
    if missing:
        raise LedgerIncomplete(
            f"The ledger lacks {missing} erasures that this database has, so it has lost others too, or is another one."
        )


def _reapply_holds() -> tuple[int, int]:
    """Repeat holds before erasures, so that nothing is erased that an auditor has held since the backup."""
    now = timezone.now()
    entries = {entry.booking: entry for entry in read_holds() if entry.until >= london.local(now).date()}
    auditors = Officer.objects.in_bulk({entry.by for entry in entries.values()})
    held = sum(
        reapply_hold(booking, until=entries[booking.pk].until, by=auditors[entries[booking.pk].by])
        for booking in Booking.objects.filter(pk__in=entries).order_by("pk")
        if entries[booking.pk].by in auditors
    )
    no_longer = LegalHold.objects.active(now).exclude(booking__in=entries).values("booking")
    ended = list(Booking.objects.filter(pk__in=no_longer).order_by("pk"))
    for booking in ended:
        reapply_end_of_hold(booking)
    return held, len(ended)
