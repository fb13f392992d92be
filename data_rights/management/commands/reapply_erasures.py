from typing import Any

from django.core.management.base import BaseCommand
from django.utils import timezone

from bookings.manage.jobs import end_sessions_of_erased_bookings
from bookings.models.bookings import Booking
from bookings.retention.ledger import read_entries
from data_rights.erasure.actions import reapply_erasure


class Command(BaseCommand):
    help = "Erase again what was erased before a backup was restored. Run it before the service is opened."

    def handle(self, **options: Any) -> None:
        entries = {entry.booking: entry for entry in read_entries()}
        known = Booking.objects.filter(pk__in=entries)
        back = list(known.filter(erased_at=None).order_by("pk"))
        for booking in back:
            reapply_erasure(booking, requested=entries[booking.pk].requested)
        end_sessions_of_erased_bookings(timezone.now())
        pending = Booking.objects.filter(erased_at=None, erasure_due_at__isnull=False).count()
        self.stdout.write(f"Erasures in the ledger: {len(entries)}")
        self.stdout.write(f"Of bookings in this database: {known.count()}")
        self.stdout.write(f"Erased again: {len(back)}")
        self.stdout.write(f"Asked for, and not carried out before the backup: {pending}")
