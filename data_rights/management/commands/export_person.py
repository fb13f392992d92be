import json
from argparse import ArgumentParser
from typing import Any
from uuid import UUID

from django.core.management.base import BaseCommand, CommandError

from bookings.events import record
from bookings.models.bookings import Booking
from bookings.statuses import EventKind
from boroughs.models.officers import Officer
from data_rights.copy.actions import approve_staff_notes
from data_rights.copy.builder import build_copy
from data_rights.copy.showing import as_json
from data_rights.copy.staff_notes import build_staff_notes
from walkandtalk.lib import tokens
from walkandtalk.lib.errors import ActionError


class Command(BaseCommand):
    help = "Print as JSON what we hold about one requester. Staff notes need two inspectors of the team that decides."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("booking", help="the reference or the UUID of the booking")
        parser.add_argument("--with-staff-notes", action="store_true", help="add notes, safeguarding and restriction")
        parser.add_argument(
            "--approved-by",
            action="append",
            default=[],
            metavar="EMAIL",
            help="an inspector who approves; give it twice",
        )

    def handle(self, *, booking: str, with_staff_notes: bool, approved_by: list[str], **options: Any) -> None:
        found = _find(booking)
        if not found.is_kept or found.frozen_at is not None:
            raise CommandError("Her details are being deleted or are under review, so nobody can have a copy now.")
        whole: dict[str, Any] = as_json(build_copy(found))
        if with_staff_notes:
            try:
                approve_staff_notes(found, by=[_inspector(email) for email in approved_by])
            except ActionError as error:
                raise CommandError(str(error)) from None
            whole["staff_notes"] = as_json(build_staff_notes(found))
        record(EventKind.COPY_EXPORTED, booking=found)
        self.stdout.write(json.dumps(whole, ensure_ascii=False, indent=2))


def _find(text: str) -> Booking:
    try:
        wanted = {"pk": UUID(text)}
    except ValueError:
        wanted = {"reference": tokens.normalise_reference(text)}  # type: ignore[dict-item]
    booking = Booking.objects.filter(**wanted).for_detail_page().first()
    if booking is None:
        raise CommandError("No booking has this reference or UUID.")
    return booking


def _inspector(email: str) -> Officer:
    officer: Officer | None = Officer.objects.filter(email__iexact=email).first()
    if officer is None:
        raise CommandError(f"Nobody signs in as {email}.")
    return officer
