from typing import Any

from django.db import transaction

from boroughs.management.commands import load_reference_data
from partners.initial import load_partners
from partners.models.partners import Partner


class Command(load_reference_data.Command):
    """Adds the partners to what boroughs loads, because boroughs knows of no app above it."""

    help = "Add missing BCUs, boroughs, wards, help contacts, statements and partners. Existing rows are not changed."

    @transaction.atomic
    def handle(self, **options: Any) -> None:
        super().handle(**options)
        load_partners()
        self.stdout.write(f"{Partner.objects.count()} partners.")
