"""The ledger of erasures, kept outside the database, so that an erasure survives a restore of an older backup.

docs/decisions/erasure.md. An entry holds the random id of a booking and nothing about the requester.
"""

import datetime
import json
import os
from collections.abc import Iterator
from dataclasses import dataclass
from uuid import UUID

from django.core.files.base import ContentFile
from django.core.files.storage import storages
from django.utils import timezone

from bookings.models.bookings import Booking
from boroughs.models.officers import Officer

STORAGE = "erasures"
ERASED_SUFFIX = ".json"
ASKED_SUFFIX = ".asked"
HELD_SUFFIX = ".held"


@dataclass(frozen=True, kw_only=True)
class LedgerEntry:
    booking: UUID
    requested: bool
    """Whether the requester asked for it. Otherwise the retention period was over, and her concerns stay for longer."""
    due_at: datetime.datetime | None = None
    """When it will be erased, while the requester may still undo it. None once it is erased."""


@dataclass(frozen=True, kw_only=True)
class HoldEntry:
    """A legal hold: the booking, its last day, and the auditor, by their ids. The reason is only in the database."""

    booking: UUID
    until: datetime.date
    by: int


def write_request(booking: Booking, *, due_at: datetime.datetime) -> None:
    """Write that the requester asked for the erasure, at the end of the transaction that hides the booking."""
    storages[STORAGE].delete(f"{booking.pk}{ASKED_SUFFIX}")  # left by a transaction that failed
    storages[STORAGE].save(f"{booking.pk}{ASKED_SUFFIX}", _file(due_at=due_at.isoformat()))


def remove_request(booking: Booking) -> None:
    """Remove the request to erase the booking, because it was undone."""
    storages[STORAGE].delete(f"{booking.pk}{ASKED_SUFFIX}")


def write_entry(booking: Booking) -> None:
    """Write that the booking is being erased. The caller holds its lock and has changed nothing yet.

    If the storage fails, nothing is erased: the job tries again.
    """
    name = f"{booking.pk}{ERASED_SUFFIX}"
    if not storages[STORAGE].exists(name):
        requested = booking.erasure_due_at is not None
        storages[STORAGE].save(name, _file(erased_at=timezone.now().isoformat(), requested=requested))


def write_hold(booking: Booking, *, until: datetime.date, by: Officer) -> None:
    """Write that an auditor keeps the booking from being erased, at the end of the transaction that says so."""
    storages[STORAGE].delete(f"{booking.pk}{HELD_SUFFIX}")
    storages[STORAGE].save(f"{booking.pk}{HELD_SUFFIX}", _file(until=until.isoformat(), by=by.pk))


def remove_hold(booking: Booking) -> None:
    """Remove the hold, because it was ended."""
    storages[STORAGE].delete(f"{booking.pk}{HELD_SUFFIX}")


def _file(**values: object) -> "ContentFile[bytes]":
    return ContentFile(json.dumps(values).encode())


def _names() -> list[str]:
    """Return the names of all files. The first entry makes the folder, so there may be none."""
    try:
        _folders, names = storages[STORAGE].listdir("")
    except FileNotFoundError:
        return []
    return sorted(names)


def read_entries() -> Iterator[LedgerEntry]:
    """Yield one entry for each booking that was erased, or is to be erased."""
    names = _names()
    for name in names:
        pk, suffix = os.path.splitext(name)
        if suffix not in (ERASED_SUFFIX, ASKED_SUFFIX):
            continue
        with storages[STORAGE].open(name) as file:
            values = json.load(file)
        if suffix == ERASED_SUFFIX:
            yield LedgerEntry(booking=UUID(pk), requested=values["requested"])
        elif f"{pk}{ERASED_SUFFIX}" not in names:
            due_at = datetime.datetime.fromisoformat(values["due_at"])
            yield LedgerEntry(booking=UUID(pk), requested=True, due_at=due_at)


def read_holds() -> Iterator[HoldEntry]:
    """Yield one entry for each hold that was not ended before its last day, which may be past."""
    for name in _names():
        pk, suffix = os.path.splitext(name)
        if suffix != HELD_SUFFIX:
            continue
        with storages[STORAGE].open(name) as file:
            values = json.load(file)
        yield HoldEntry(booking=UUID(pk), until=datetime.date.fromisoformat(values["until"]), by=values["by"])
