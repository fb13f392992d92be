"""Repeat in a restored database what requesters, jobs and auditors decided about personal details since the backup."""

import datetime
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from uuid import UUID

from django.db.models import Q
from django.utils import timezone

from bookings.manage.jobs import end_sessions_of_erased_bookings
from bookings.models.bookings import Booking
from bookings.models.legal_holds import LegalHold
from bookings.retention.holds import reapply_end_of_hold, reapply_hold
from bookings.retention.ledger import HoldEntry, LedgerEntry, read_entries, read_holds
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
    left_waiting: int
    """Bookings that wait for their erasure without an entry, which proves nothing in an incomplete ledger."""
    left_held: int
    """Holds without an entry, in such a ledger."""
    not_held: Sequence[HoldEntry]
    """Holds of auditors whom the backup doesn't have."""

    def lines(self) -> list[str]:
        lines = [
            f"Held again: {self.held}. Holds ended again: {self.holds_ended}",
            f"Erasures in the ledger: {self.entries}",
            f"Of bookings in this database: {self.known}",
            f"Erased again: {self.erased}",
            f"Hidden again, to be erased later: {self.asked}",
            f"Kept, because she undid it: {self.undone}",
        ]
        if self.left_waiting or self.left_held:
            lines.append(
                f"Left as they are, because the ledger may lack their entries: {self.left_waiting} erasures that wait, "
                f"{self.left_held} holds"
            )
        lines += [
            f"Not held again, because this database lacks the auditor: booking {hold.booking}, until {hold.until}"
            for hold in self.not_held
        ]
        return lines


def reapply_erasures(*, may_be_incomplete: bool = False) -> Reapplied:
    """Repeat holds, erasures, requests to erase, and their undoing. It may run any number of times.

    Raise LedgerIncomplete, and change nothing, if the ledger can't be the right one.
    """
    entries = {entry.booking: entry for entry in read_entries()}
    if not may_be_incomplete:
        _require_complete(entries)
    held, not_held = _reapply_holds()
    erased_before = {pk for pk, entry in entries.items() if entry.due_at is None}
    holds_ended, left_held = _end_holds(erased_before, may_be_incomplete=may_be_incomplete)
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
    waiting = list(Booking.objects.filter(erased_at=None, erasure_due_at__isnull=False).exclude(pk__in=entries))
    undone = [] if may_be_incomplete else waiting
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
        left_waiting=len(waiting) - len(undone),
        left_held=left_held,
        not_held=not_held,
    )


def count_lacking() -> int:
    """Count what the ledger has, and this database doesn't: erasures, and requests to erase."""
    entries = list(read_entries())
    asked = [entry.booking for entry in entries if entry.due_at is not None]
    erased = [entry.booking for entry in entries if entry.due_at is None]
    lacks = Q(pk__in=erased) | Q(pk__in=asked, erasure_due_at=None)
    return Booking.objects.filter(lacks, erased_at=None).count()


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


def _reapply_holds() -> tuple[int, list[HoldEntry]]:
    """Repeat holds before erasures, so that nothing is erased that an auditor has held since the backup.

    Return how many, and those whose auditor this database lacks.
    """
    entries = _current_holds()
    auditors = Officer.objects.in_bulk({entry.by for entry in entries.values()})
    bookings = list(Booking.objects.filter(pk__in=entries, erased_at=None).order_by("pk"))
    held = sum(
        reapply_hold(booking, until=entries[booking.pk].until, by=auditors[entries[booking.pk].by])
        for booking in bookings
        if entries[booking.pk].by in auditors
    )
    return held, [entries[booking.pk] for booking in bookings if entries[booking.pk].by not in auditors]


def _end_holds(erased: Collection[UUID], *, may_be_incomplete: bool) -> tuple[int, int]:
    """End holds that the ledger no longer has. Return how many ended, and how many it may have lost, which stay.

    What was erased is held no longer, even if the ledger is incomplete.
    """
    no_longer = LegalHold.objects.active(timezone.now()).exclude(booking__in=_current_holds()).values("booking")
    bookings = list(Booking.objects.filter(pk__in=no_longer).order_by("pk"))
    ended = [booking for booking in bookings if booking.pk in erased or not may_be_incomplete]
    for booking in ended:
        reapply_end_of_hold(booking)
    return len(ended), len(bookings) - len(ended)


def _current_holds() -> dict[UUID, HoldEntry]:
    return {entry.booking: entry for entry in read_holds() if entry.until >= london.today()}
