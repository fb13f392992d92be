"""The ledger of erasures, kept outside the database, so that an erasure survives a restore of an older backup.

docs/decisions/erasure.md. An entry holds the random id of a booking and nothing about the requester.
"""

import json
from collections.abc import Iterator
from dataclasses import dataclass
from uuid import UUID

from django.core.files.base import ContentFile
from django.core.files.storage import storages
from django.utils import timezone

from bookings.models.bookings import Booking

STORAGE = "erasures"
SUFFIX = ".json"


@dataclass(frozen=True, kw_only=True)
class LedgerEntry:
    booking: UUID
    requested: bool
    """Whether the requester asked for it. Otherwise the retention period was over, and her concerns stay for longer."""


def write_entry(booking: Booking) -> None:
    """Write that the booking is being erased. The caller holds its lock and has changed nothing yet.

    If the storage fails, nothing is erased: the job tries again.
    """
    name = f"{booking.pk}{SUFFIX}"
    if storages[STORAGE].exists(name):
        return
    entry = {"erased_at": timezone.now().isoformat(), "requested": booking.erasure_due_at is not None}
    storages[STORAGE].save(name, ContentFile(json.dumps(entry).encode()))


def read_entries() -> Iterator[LedgerEntry]:
    """Yield every entry."""
    _folders, names = storages[STORAGE].listdir("")
    for name in sorted(names):
        if name.endswith(SUFFIX):
            with storages[STORAGE].open(name) as file:
                requested = json.load(file)["requested"]
            yield LedgerEntry(booking=UUID(name.removesuffix(SUFFIX)), requested=requested)
