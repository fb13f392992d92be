"""Makes the committed file `static/places.json`: every place that a visitor can search for as she types."""

import json
from collections import defaultdict
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand

from boroughs.geography.places import KINDS, named_places

FILE = "places.json"


class Command(BaseCommand):
    help = "List the places again, from data/, for the search as she types. Only maintainers need it."

    def handle(self, **options: Any) -> None:
        Path(settings.BASE_DIR / "static" / FILE).write_text(list_places(), "utf-8")
        self.stdout.write(f"{len(named_places())} places in static/{FILE}")


def list_places() -> str:
    """Return lists of names by borough and kind, in the order of KINDS. A name is one place within its borough."""
    by_borough: dict[str, list[list[str]]] = defaultdict(lambda: [[] for _kind in KINDS])
    for place in sorted(named_places(), key=str):
        by_borough[place.borough_name][KINDS.index(place.kind)].append(str(place))
    content = dict(sorted(by_borough.items()))
    return json.dumps(content, separators=(",", ":"), ensure_ascii=False) + "\n"
