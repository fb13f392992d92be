import time
from collections import Counter
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from walkandtalk.lib.keys.columns import Table, tables
from walkandtalk.lib.keys.json_values import rotate_json
from walkandtalk.lib.keys.pins import rotate_pins
from walkandtalk.lib.keys.rotation import BATCH, Progress, rotate
from walkandtalk.lib.keys.use import KeyUse, count_use

MOST_ROUNDS = 20
SECONDS_BETWEEN_LINES = 2.0


class Command(BaseCommand):
    help = (
        "Write everything again with the first of FIELD_KEYS and of INDEX_KEY (docs/keys.md). "
        "You can stop it at any time, and start it again while people use the service."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--check", action="store_true", help="change nothing; count what is left under each key")
        parser.add_argument("--batch", type=int, default=BATCH, help="rows to hold at a time (default: %(default)s)")

    def handle(self, *, check: bool, batch: int, **options: Any) -> None:
        if not check:
            for table in tables():
                self._rotate(table, batch)
            self._report("secrets in JSON", Progress(written=rotate_json()))
            self._rotate_pins()
        sealed, hashed = count_use()
        self._show(sealed)
        self._show(hashed)
        if lost := sealed.unknown.total():
            raise CommandError(f"{lost:,} values were encrypted with a key that isn’t here. Nobody can read them.")

    def _rotate(self, table: Table, batch_size: int) -> None:
        """Go through the table until nothing is left that can be written."""
        total, started = Progress(), time.monotonic()
        for _round in range(MOST_ROUNDS):
            found = Progress()
            for batch in rotate(table, batch_size=batch_size):
                found += batch
                if batch.written and time.monotonic() - started > SECONDS_BETWEEN_LINES:
                    started = time.monotonic()
                    self.stdout.write(f"{table.name}: {total.written + found.written:,} rows so far")
            total = Progress(total.written + found.written, found.held_by_others, found.unreadable)
            if not found.written and not found.held_by_others:
                break
            time.sleep(0.2 if found.held_by_others else 0)
        self._report(table.name, total)

    def _rotate_pins(self) -> None:
        found, started = Counter[bool](), time.monotonic()
        for is_written in rotate_pins():
            found[is_written] += 1
            if time.monotonic() - started > SECONDS_BETWEEN_LINES:
                started = time.monotonic()
                self.stdout.write(f"PINs: {found[True]:,} so far")
        self._report("PINs", Progress(written=found[True], unreadable=found[False]))

    def _report(self, what: str, done: Progress) -> None:
        parts = [f"{done.written:,} written"]
        parts += [f"{done.held_by_others:,} in use by others: run this again"] if done.held_by_others else []
        parts += [f"{done.unreadable:,} could not be made again"] if done.unreadable else []
        if done != Progress():
            self.stdout.write(f"{what}: {', '.join(parts)}")

    def _show(self, use: KeyUse) -> None:
        first, *older = use.keys
        self.stdout.write(f"{use.variable}: {use.left(first).total():,} values under the first key, {first}")
        for key in older:
            left = use.left(key)
            advice = f"Keep {key}: {left.total():,} values are left. {_places(left)}"
            nothing = f"Nothing is left under {key}. You may now remove it, once {first} has been first for an hour."
            self.stdout.write(f"  {advice if left else nothing}")
        if use.unknown:
            self.stdout.write(f"  Of keys that aren’t here: {use.unknown.total():,} values. {_places(use.unknown)}")


def _places(found: Counter[str]) -> str:
    return ", ".join(f"{column} {count:,}" for column, count in sorted(found.items()))
