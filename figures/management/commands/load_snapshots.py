import datetime
import json
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from figures.models.snapshots import Snapshot
from figures.periods import Quarter
from walkandtalk.lib import london

MADE_AT = datetime.time(12)


class Command(BaseCommand):
    help = (
        "After restoring a backup that is older than the newest published quarter: load the published figures.json, "
        "before the worker starts. Otherwise the quarter would be counted again, from what is known by then."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("file", type=Path, help="a saved copy of /what-women-told-us/data/figures.json")

    def handle(self, *args: object, file: Path, **options: Any) -> None:
        try:
            quarters = json.loads(file.read_text("utf-8"))["quarters"]
            snapshots = [_snapshot(each) for each in quarters]
        except (OSError, ValueError, LookupError, TypeError) as error:
            raise CommandError(f"{file} is no copy of figures.json: {error}") from error
        known = set(Snapshot.objects.values_list("first_day", flat=True))
        missing = [each for each in snapshots if each.first_day not in known]
        Snapshot.objects.bulk_create(missing)
        loaded = ", ".join(each.quarter.code for each in missing)
        self.stdout.write(f"Loaded {loaded}." if loaded else "Nothing to load: every quarter of the file is here.")


def _snapshot(published: dict[str, Any]) -> Snapshot:
    quarter = Quarter.parse(published["quarter"])
    if quarter is None:
        raise ValueError(f"{published['quarter']} is no quarter")
    return Snapshot(
        first_day=quarter.first_day,
        made_at=london.to_instant(datetime.date.fromisoformat(published["published_on"]), MADE_AT),
        numbers={area["area_code"]: area["figures"] for area in published["areas"]},
    )
