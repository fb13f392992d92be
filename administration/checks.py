"""A check of the database: whether proposals can be agreed to at all."""

from collections.abc import Sequence
from typing import Any

from django.core import checks
from django.db import connection

from boroughs.models.officers import Officer


@checks.register(checks.Tags.database)
def check_two_administrators(databases: Sequence[str] | None = None, **_kwargs: Any) -> list[checks.CheckMessage]:
    """Warn if there is nobody to agree. `manage.py check --database default` asks, and so does `migrate`."""
    if not databases or Officer._meta.db_table not in connection.introspection.table_names():
        return []  # before the first migration
    if Officer.objects.filter(role=Officer.Role.ADMINISTRATOR, is_active=True).count() > 1:
        return []
    return [
        checks.Warning(
            "There are fewer than two administrators, so changes that need two of them wait.",
            hint="Add another one: manage.py createsuperuser",
            id="administration.W001",
        )
    ]
