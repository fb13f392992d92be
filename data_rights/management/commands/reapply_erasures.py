from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from data_rights.restore.erasures import LedgerIncomplete, reapply_erasures


class Command(BaseCommand):
    help = "Repeat what requesters decided about their details since a backup. `manage.py restored` does it as well."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--incomplete-ledger", action="store_true", help="use a ledger that lacks entries")

    def handle(self, *, incomplete_ledger: bool, **options: Any) -> None:
        try:
            found = reapply_erasures(may_be_incomplete=incomplete_ledger)
        except LedgerIncomplete as error:
            raise CommandError(f"{error} To go on without the rest, add --incomplete-ledger.") from error
        for line in found.lines():
            self.stdout.write(line)
