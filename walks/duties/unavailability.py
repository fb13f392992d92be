"""Which words that an officer is not available a person of the team can end (docs/rules.md#not-available)."""

from boroughs.models.officers import Officer
from boroughs.models.unavailability import Unavailability
from walks.permissions import can_set_duty


def rows_to_end(officer: Officer, user: Officer) -> list[Unavailability]:
    """Return this person's own, and those of people who can't end theirs any more."""
    rows = Unavailability.objects.of_the_team().filter(officer=officer).select_related("by")
    return [row for row in rows if row.by == user or not can_set_duty(row.by, officer)]
