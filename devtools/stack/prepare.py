"""Prepares the database and static files before the first request, in one process because that starts faster."""

from typing import Any

import django
from django.core.management import call_command

STEPS: tuple[tuple[str, dict[str, Any]], ...] = (
    ("prepare_database", {"verbosity": 1}),
    ("collectstatic", {"interactive": False, "verbosity": 0}),
    ("load_reference_data", {}),
    ("load_demo_data", {}),
)


def main() -> None:
    django.setup()
    for name, options in STEPS:
        call_command(name, **options)


if __name__ == "__main__":
    main()
