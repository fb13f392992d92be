"""Importing people from a file, and taking a list of people away (docs/rules.md#people-from-a-file)."""

from collections.abc import Sequence
from dataclasses import dataclass

from django.db import IntegrityError
from django.db.models import QuerySet
from import_export.formats.base_formats import CSV
from tablib import Dataset

from accounts.models import SecurityEventKind
from accounts.security_log import record_security_event
from administration.account_changes import change_account
from administration.admin_history import record_in_history
from administration.files.plan import Plan, PlannedPerson, make_plan
from administration.files.resource import PeopleResource, people_in
from administration.handing_on import IN_USE
from administration.people.actions import Added, add_people, change_details
from administration.proposals.values import fields
from boroughs.models.officers import Officer
from walkandtalk.lib.errors import ActionError, TransitionNotAllowed, require
from walks.locks import all_or_in_use, lock_officers

BYTE_ORDER_MARK = "\ufeff"
"""Excel reads a CSV file without it in the code page of the machine."""

QUICKER = "Someone has just added one of these people. Press the button again."


class PlanChanged(TransitionNotAllowed):
    """An account of the file has changed since the administrator read what would be done."""

    def __init__(self) -> None:
        super().__init__("Something has changed since you read this. Read it again, then press the button.")


@dataclass(frozen=True)
class Imported:
    added: Added
    changed: int
    """How many people changed at once, who were here already."""


def import_people(dataset: Dataset, *, by: Officer, seen: str, reason: str) -> Imported:
    """Do everything that the plan with the digest `seen` says, or nothing.

    Officers are made and invited, and what gives no power changes at once. Everything else is one proposal. Of two
    imports of the same person at once, the second waits for the first and is refused.
    """
    try:
        with all_or_in_use(IN_USE):
            now_as = {officer.pk: officer for officer in lock_officers([by, *people_in(dataset).values()])}
            require(now_as[by.pk].is_staff)
            plan = make_plan(dataset)
            if plan.refused or not plan.people or plan.digest != seen:
                raise PlanChanged
            return _carry_out(plan, by=by, reason=reason)
    except IntegrityError as error:
        raise ActionError(QUICKER) from error


def _carry_out(plan: Plan, *, by: Officer, reason: str) -> Imported:
    kind = SecurityEventKind.PEOPLE_IMPORTED
    record_security_event(kind, officer=by, count=len(plan.people), reason=reason)
    changed = [each for each in plan.people if each.person is not None]
    for each in changed:
        _change(each, by=by)
    proposed = [each.change for each in changed if each.change is not None]
    new = [each.after for each in plan.people if each.is_new]
    added = add_people(new, by=by, reason=reason, besides=proposed)
    return Imported(added, sum(1 for each in changed if each.at_once))


def _change(planned: PlannedPerson, *, by: Officer) -> None:
    """Change what one administrator may change. An officer's move comes first, because it takes the ward away."""
    person, values = planned.person, fields(planned.at_once)
    if person is None or not values:
        return
    if planned.moves_at_once:
        person = change_account(person, by=by, announces_move=True, bcu=values.pop("bcu"))
    if values:
        change_details(person, values, by=by)
    record_in_history(person, planned.at_once, by=by)


def export_people(people: QuerySet[Officer], *, by: Officer, reason: str) -> str:
    """Log who takes this list away and why, and return it as CSV. No cell begins a formula."""
    require(by.is_staff)
    dataset = PeopleResource().export(people.select_related("bcu", "ward"))
    record_security_event(SecurityEventKind.PEOPLE_EXPORTED, officer=by, count=len(dataset), reason=reason)
    return BYTE_ORDER_MARK + str(CSV().export_data(dataset))


def empty_file(columns: Sequence[str]) -> str:
    return BYTE_ORDER_MARK + str(CSV().export_data(Dataset(headers=list(columns))))
