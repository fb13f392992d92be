import json
from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand
from django.db import DatabaseError

from boroughs.geography.postcodes import locate
from boroughs.models.bcus import Borough
from boroughs.reference import borough_names, rows, units


class Command(BaseCommand):
    help = "Print the location of a postcode as JSON, with its Borough Command Unit."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("postcode", help='for example "SE15 4QL"')

    def handle(self, *, postcode: str, **options: Any) -> None:
        location = locate(postcode)
        answer = location.as_json() | {
            "borough": borough_names().get(location.borough),
            "borough_gss": location.borough or None,
            "bcu": self._bcu(location.borough) if location.borough else None,
            "ward": next((row["name"] for row in rows("wards.csv") if row["gss"] == location.ward), None),
            "ward_gss": location.ward or None,
        }
        self.stdout.write(json.dumps(answer, ensure_ascii=False))

    def _bcu(self, gss: str) -> str | None:
        """Return the BCU that the administrator set. Without a database, return the one in data/bcus.json."""
        try:
            return Borough.objects.values_list("bcu__code", flat=True).get(gss=gss)
        except (DatabaseError, Borough.DoesNotExist):
            self.stderr.write("Can't read the borough from the database. Using the BCU from data/bcus.json.")
        return next((unit.code for unit in units() if borough_names()[gss] in unit.boroughs), None)
