from typing import Any

from django.core.management.base import BaseCommand
from django.utils import timezone

from bookings.manage.jobs import end_sessions_of_erased_bookings
from bookings.models.bookings import Booking
from bookings.models.legal_holds import LegalHold
from bookings.retention.holds import reapply_end_of_hold, reapply_hold
from bookings.retention.ledger import read_entries, read_holds
from boroughs.models.officers import Officer
from data_rights.erasure.actions import reapply_erasure, reapply_request, reapply_undo
from walkandtalk.lib import london


class Command(BaseCommand):
    help = "After a restore, repeat what requesters decided about their details since the backup. Run it first."

    def handle(self, **options: Any) -> None:
        held, ended = self._reapply_holds()
        entries = {entry.booking: entry for entry in read_entries()}
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
        self.stdout.write(f"Held again: {held}. Holds ended again: {ended}")
        self.stdout.write(f"Erasures in the ledger: {len(entries)}")
        self.stdout.write(f"Of bookings in this database: {known.count()}")
        self.stdout.write(f"Erased again: {erased}")
        self.stdout.write(f"Hidden again, to be erased later: {asked}")
        self.stdout.write(f"Kept, because she undid it: {len(undone)}")

    def _reapply_holds(self) -> tuple[int, int]:
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
