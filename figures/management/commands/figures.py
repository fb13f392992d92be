import csv
import json
from argparse import ArgumentTypeError
from typing import Any

from django.core.management.base import BaseCommand, CommandParser
from django.utils import timezone

from bookings.models.bookings import Booking
from boroughs.models.bcus import BoroughCommandUnit
from figures.comparison import compare
from figures.periods import LAST, parse_period
from figures.showing import FIGURES
from figures.tallies.counted import count_period

LONDON = "London"


def period(text: str) -> str:
    try:
        parse_period(text, now=timezone.now())
    except ValueError:
        raise ArgumentTypeError(f"one of {', '.join(LAST)} or a month, like 2026-11") from None
    return text


class Command(BaseCommand):
    help = "Print the figures that a lead reads on /staff/figures/, for each BCU and for London."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--period", type=period, default="28", help="days (28 or 90), or a month, like 2026-11")
        parser.add_argument("--format", choices=["json", "csv"], default="json")

    def handle(self, *args: object, **options: Any) -> None:
        bcus = list(BoroughCommandUnit.objects.order_by("code"))
        asked_for = parse_period(options["period"], now=timezone.now())
        rows_behind = Booking.objects.filter(nominated_inspector=None)
        compared = compare(count_period(rows_behind, asked_for), bcus)
        rows = {bcu.code: compared.bcus[bcu.pk] for bcu in bcus} | {LONDON: compared.total}
        if options["format"] == "csv":
            writer = csv.writer(self.stdout, lineterminator="\n")
            writer.writerow(["bcu", *(figure.code for figure in FIGURES)])
            writer.writerows([code, *values.values()] for code, values in rows.items())
            return
        report = {
            "since": asked_for.since.isoformat(),
            "until": asked_for.until.isoformat(),
            "definitions": {figure.code: f"{figure.label}: {figure.definition}" for figure in FIGURES},
            "figures": rows,
        }
        self.stdout.write(json.dumps(report, indent=2))
