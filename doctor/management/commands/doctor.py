import tomllib
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from doctor.report import STOPS, examine


class Command(BaseCommand):
    help = "Print what the service needs, what is wrong, and what to do. Fails if something stops the service."
    requires_system_checks = []  # it runs all of them itself

    def handle(self, **options: Any) -> None:
        self.stdout.write(f"Walk and Talk {_version()}")
        marks = []
        for line in examine():
            self.stdout.write(str(line))
            marks.append(line.mark)
        if STOPS in marks:
            raise CommandError("The service can’t do its work until each ✗ is put right.")


def _version() -> str:
    project = tomllib.loads((settings.BASE_DIR / "pyproject.toml").read_text())["project"]
    return str(project["version"])
