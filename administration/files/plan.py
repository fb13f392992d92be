"""The effect of an import, person by person: at once, with a second administrator, or not at all."""

import hashlib
import json
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from django.core.exceptions import NON_FIELD_ERRORS, ValidationError
from tablib import Dataset

from administration.files.resource import PeopleResource
from administration.files.sheets import COLUMNS, LINE
from administration.models import LABELS, ProposedChange
from administration.proposals.actions import Change, reason_against
from administration.proposals.values import Value, Values, read
from boroughs.models.officers import Officer

Kind = ProposedChange.Kind
FIELDS = tuple(name for name in COLUMNS if name != "can_sign_in")
POWERS = frozenset({"role", "leads_walks"})
"""Fields that always need two administrators. The email finds the person, so no file changes one."""


@dataclass(frozen=True, kw_only=True)
class PlannedPerson:
    """One line that would add or change someone. `before` and `after` hold the fields that change."""

    line: int
    person: Officer | None
    about: str
    before: Values
    after: Values
    needs_two: frozenset[str]
    """Those of the fields that wait for a second administrator."""

    @property
    def is_new(self) -> bool:
        return self.person is None

    @property
    def moves_at_once(self) -> bool:
        return not self.is_new and "bcu" in self.at_once

    @property
    def at_once(self) -> dict[str, Value]:
        return {name: value for name, value in self.after.items() if name not in self.needs_two}

    @property
    def change(self) -> Change | None:
        """Return the change that is proposed for an account that is here already."""
        after = {name: value for name, value in self.after.items() if name in self.needs_two}
        return Change(kind=Kind.ACCOUNT, subject=self.person, after=after) if after and self.person else None


@dataclass(frozen=True)
class RefusedLine:
    line: int
    about: str
    errors: list[str]


@dataclass(frozen=True)
class Plan:
    people: list[PlannedPerson]
    unchanged: int
    refused: list[RefusedLine]

    @property
    def needs_two(self) -> bool:
        return any(each.needs_two for each in self.people)

    @cached_property
    def digest(self) -> str:
        """The whole of the plan as one short text, to see whether it's still what an administrator read."""
        rows = [
            [each.line, each.person.pk if each.person is not None else None, each.before, each.after]
            for each in self.people
        ]
        return hashlib.sha256(json.dumps([rows, len(self.refused)], sort_keys=True).encode()).hexdigest()


def make_plan(dataset: Dataset) -> Plan:
    """Compare the file with the people who are here. One line that can't be imported stops the whole import."""
    result = PeopleResource().import_data(dataset, use_transactions=False)
    people: list[PlannedPerson] = []
    refused: list[RefusedLine] = []
    unchanged = 0
    for error in [*result.base_errors, *(each for row in result.rows for each in row.errors)]:
        raise error.error  # a bug: what a file can cause is a ValidationError
    for row in result.rows:
        line, about = int(row.row_values[LINE]), _about(row.row_values)
        if row.validation_error is not None:
            refused.append(RefusedLine(line, about, list(_sentences(row.validation_error))))
        elif row.is_skip():
            unchanged += 1
        else:
            planned = _planned(line, row)
            against = _reason_against(planned)
            if against:
                refused.append(RefusedLine(line, about, [against]))
            else:
                people.append(planned)
    return Plan(people, unchanged, refused)


def _planned(line: int, row: Any) -> PlannedPerson:
    after: Officer = row.instance
    values = read(after, FIELDS)
    if row.is_new():
        powers = {"leads_walks"} if after.leads_walks else set()
        needs_two = powers if after.role == Officer.Role.OFFICER else set(FIELDS)
        return PlannedPerson(
            line=line,
            person=None,
            about=after.display_name,
            before={},
            after=values,
            needs_two=frozenset(needs_two),
        )
    before = read(row.original, FIELDS)
    changed = {name for name in FIELDS if before[name] != values[name]}
    return PlannedPerson(
        line=line,
        person=row.original,
        about=row.original.display_name,
        before={name: before[name] for name in FIELDS if name in changed},
        after={name: values[name] for name in FIELDS if name in changed},
        needs_two=frozenset(_powers(row.original, changed)),
    )


def _powers(person: Officer, changed: set[str]) -> set[str]:
    """Return the changes that need two administrators: the BCU of anyone but an officer is one, with its ward."""
    powers = changed & POWERS
    if "bcu" in changed and (person.role != Officer.Role.OFFICER or "role" in changed):
        powers |= changed & {"bcu", "ward"}
    return powers


def _reason_against(planned: PlannedPerson) -> str:
    """Return why what is to be proposed can't be, such as another proposal about the same person."""
    if planned.change is not None:
        return reason_against(planned.change)
    if planned.is_new and planned.after["role"] != Officer.Role.OFFICER:
        return reason_against(Change(kind=Kind.NEW_ACCOUNT, after=planned.after))
    return ""


def _about(values: dict[str, Any]) -> str:
    return str(values.get("name") or values["email"])[:120]


def _sentences(error: ValidationError) -> Iterator[str]:
    by_field = error.error_dict if hasattr(error, "error_dict") else {NON_FIELD_ERRORS: error.error_list}
    for field, errors in by_field.items():
        for each in errors:
            yield _sentence(field, each)


def _sentence(field: str, error: ValidationError) -> str:
    """Return our words for the errors for which Django has words of its own."""
    label = LABELS.get(field, "").lower()
    match error.code:
        case "blank":
            return f"Enter a {label}."
        case "max_length":
            return f"Use fewer characters for the {label}: at most {(error.params or {}).get('limit_value')}."
        case "invalid" if field == "email":
            return "Enter a work email in the right form, like name@example.com."
    return " ".join(error.messages)
