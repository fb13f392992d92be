"""Rules for a migration that runs while the previous release serves people. `manage.py check_migrations` applies them.

docs/decisions/migrations.md says why each of them is there. A table that is made in the same migration is empty, so
nothing is refused for it, nor in the first migration of an app. A migration can say why a rule does not matter for it:

    safe_because = {"index": "Twelve rows, one for each BCU."}
"""

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import pgtrigger.migrations
from django.contrib.postgres import operations as postgres
from django.db import connection, migrations, models
from django.db.migrations.migration import Migration
from django.db.migrations.operations.base import Operation
from django.db.migrations.state import ProjectState
from django.db.models.expressions import Value
from django.db.models.functions import Now

ADVICE = {
    "alone": "It runs outside a transaction, and may fail half-way. Give it its own migration, with atomic = False.",
    "constraint": "It reads every row while nobody can write. Use AddConstraintNotValid, and ValidateConstraint in the "
    "next migration.",
    "data": "Moving rows takes long, and the other operations keep their locks until it ends. Make two migrations.",
    "drop": 'Name the release that first ran without it, which must be out: unused_since = "<version>".',
    "forget": "The new release adds rows without this column. Make it nullable in database_operations.",
    "generated": "It writes the whole table again while nobody can read it. Compute it in the query, or add a nullable "
    "column and fill it.",
    "index": "Nobody can write while it is built. Use AddIndexConcurrently or RemoveIndexConcurrently, and "
    "db_index=False on a new foreign key.",
    "not_null": "The previous release adds rows without this column. Give it null=True or a db_default.",
    "removal": "The previous release still uses it. Put it into state_operations of SeparateDatabaseAndState, and drop "
    "it with RunSQL in the next release.",
    "rename": "The previous release uses the old name. Add the new one, move the data, and drop the old one later.",
    "set_not_null": "It reads every row while nobody can write. First validate a check that it is not null.",
    "sql": "Nothing here can read SQL. Say in safe_because what it locks, and for how long.",
    "two_tables": "It keeps one table locked while it waits for another. Make one migration for each table.",
    "type": "It writes the whole table again. Add a column, move the data, and drop the old one later.",
    "unknown": "This operation has no rule. Say in safe_because what it locks, and for how long.",
}


@dataclass(frozen=True)
class Fault:
    migration: str
    operation: str
    rule: str

    def __str__(self) -> str:
        return f"{self.migration}, {self.operation} [{self.rule}]\n    {ADVICE[self.rule]}"


@dataclass(frozen=True)
class Step:
    """One operation, with the models before and after it."""

    app_label: str
    operation: Any
    before: ProjectState
    in_transaction: bool = True

    @cached_property
    def after(self) -> ProjectState:
        state = self.before.clone()
        self.operation.state_forwards(self.app_label, state)
        return state

    @property
    def table(self) -> str | None:
        name = getattr(self.operation, "model_name", None)
        return str(name).lower() if name else None

    def field(self, state: ProjectState) -> Any:
        return state.apps.get_model(self.app_label, self.operation.model_name)._meta.get_field(self.operation.name)


Rule = Callable[[Step], Iterator[str]]


def always(*rules: str) -> Rule:
    return lambda step: iter(rules)


def add_field(step: Step) -> Iterator[str]:
    field = step.field(step.after)
    if field.many_to_many:
        return  # a table of its own
    if field.generated:
        yield "generated"
        return
    if not field.null and not field.has_db_default():
        yield "not_null"
    if field.primary_key or not _is_constant(field):
        yield "type"
    if field.db_index or field.unique:
        yield "index"
    if not field.remote_field and field.db_check(connection):
        yield "constraint"


def _is_constant(field: Any) -> bool:
    """Return whether every row gets the same value, which PostgreSQL then keeps once instead of writing all rows."""
    default = field.db_default if field.has_db_default() else None
    return not hasattr(default, "resolve_expression") or isinstance(default, Value | Now)


def alter_field(step: Step) -> Iterator[str]:
    old, new = step.field(step.before), step.field(step.after)
    if old.many_to_many or new.many_to_many:
        yield "unknown"
        return
    if _column(old) != _column(new) and not _is_longer_text(old, new):
        yield "type"
    if old.null and not new.null:
        yield "set_not_null"
    if old.has_db_default() and not new.has_db_default() and not new.null:
        yield "not_null"
    if (new.db_index or new.unique) and (old.db_index, old.unique) != (new.db_index, new.unique):
        yield "index"
    if _checks(new) - _checks(old):
        yield "constraint"


def _column(field: Any) -> tuple[str, str | None, str | None]:
    return field.column, field.db_type(connection), getattr(field, "db_collation", None)


def _is_longer_text(old: Any, new: Any) -> bool:
    """Return whether only the longest length has grown, which PostgreSQL does without reading the rows."""
    if not isinstance(old, models.CharField) or old.column != new.column:
        return False
    if isinstance(new, models.TextField):
        return True
    return isinstance(new, models.CharField) and (new.max_length or 0) >= (old.max_length or 0) > 0


def _checks(field: Any) -> set[str]:
    """Return what PostgreSQL would have to find true of every row."""
    if field.remote_field:
        return {"foreign key"} if field.db_constraint else set()
    return {check} if (check := field.db_check(connection)) else set()


def concurrent(step: Step) -> Iterator[str]:
    if step.in_transaction:
        yield "alone"


def run_sql(step: Step) -> Iterator[str]:
    yield "drop" if DROP.search(str(step.operation.sql)) else "sql"


def state_and_database(step: Step) -> Iterator[str]:
    """Check what reaches the database, and that the new release can add rows without a column of the old one."""
    state = step.before
    for operation in step.operation.database_operations:
        inner = Step(step.app_label, operation, state, step.in_transaction)
        yield from broken_rules(inner)
        state = inner.after
    for operation in step.operation.state_operations:
        if isinstance(operation, migrations.RemoveField):
            field = Step(step.app_label, operation, state).field(state)
            if not field.many_to_many and not field.null and not field.has_db_default():
                yield "forget"


DROP = re.compile(r"\bDROP (COLUMN|TABLE)\b", re.IGNORECASE)
SAFE = always()
RULES: dict[type[Operation], Rule] = {
    migrations.CreateModel: SAFE,
    migrations.AlterModelOptions: SAFE,
    migrations.AlterModelManagers: SAFE,
    migrations.AlterModelTableComment: SAFE,
    migrations.AlterConstraint: SAFE,  # only the words of its error
    migrations.RenameIndex: SAFE,
    migrations.RemoveConstraint: SAFE,
    postgres.AddConstraintNotValid: SAFE,
    postgres.ValidateConstraint: SAFE,
    pgtrigger.migrations.AddTrigger: SAFE,
    pgtrigger.migrations.RemoveTrigger: SAFE,
    migrations.RunPython: SAFE,  # if it is alone
    migrations.RunSQL: run_sql,
    migrations.AddIndex: always("index"),
    migrations.RemoveIndex: always("index"),
    postgres.AddIndexConcurrently: concurrent,
    postgres.RemoveIndexConcurrently: concurrent,
    migrations.AddField: add_field,
    migrations.AlterField: alter_field,
    migrations.AddConstraint: always("constraint"),
    migrations.RemoveField: always("removal"),
    migrations.DeleteModel: always("removal"),
    migrations.RenameField: always("rename"),
    migrations.RenameModel: always("rename"),
    migrations.AlterModelTable: always("rename"),
    migrations.SeparateDatabaseAndState: state_and_database,
}
ONLY_STATE = (
    migrations.AlterModelOptions,
    migrations.AlterModelManagers,
    migrations.AlterConstraint,
    migrations.SeparateDatabaseAndState,  # its parts are checked one by one
)
OUTSIDE_A_TRANSACTION = (postgres.AddIndexConcurrently, postgres.RemoveIndexConcurrently)
DATA = (migrations.RunPython, migrations.RunSQL)


def broken_rules(step: Step) -> Iterator[str]:
    return RULES.get(type(step.operation), always("unknown"))(step)


def find_faults(migration: Migration, before: ProjectState, *, version: str) -> list[Fault]:
    """Return the rules that a migration breaks and does not explain. `version` is the newest release that is out."""
    if _is_first(migration):
        return []
    made = {each.name_lower for each in migration.operations if isinstance(each, migrations.CreateModel)}
    name = f"{migration.app_label}.{migration.name}"
    found = [Fault(name, "the migration", rule) for rule in _rules_of_the_whole(migration, made)]
    state = before.clone()
    for operation in migration.operations:
        step = Step(migration.app_label, operation, state, migration.atomic)
        if step.table not in made:
            found += [Fault(name, operation.describe(), rule) for rule in broken_rules(step)]
        state = step.after
    return [fault for fault in found if not _is_explained(migration, fault.rule, version)]


def _is_first(migration: Migration) -> bool:
    return bool(migration.initial) and all(app != migration.app_label for app, _ in migration.dependencies)


def _rules_of_the_whole(migration: Migration, made: set[str]) -> Iterator[str]:
    operations = migration.operations
    if len(operations) > 1 and any(isinstance(each, OUTSIDE_A_TRANSACTION) for each in operations):
        yield "alone"
    if any(isinstance(each, DATA) for each in operations) and not all(isinstance(each, DATA) for each in operations):
        yield "data"
    kinds = {type(each) for each in operations}
    if migration.atomic and {postgres.AddConstraintNotValid, postgres.ValidateConstraint} <= kinds:
        yield "constraint"  # validating would keep the lock of adding
    locking = [each for each in operations if not isinstance(each, (*ONLY_STATE, *DATA, *OUTSIDE_A_TRANSACTION))]
    names = {getattr(each, "model_name", "").lower() for each in locking}
    if migration.atomic and len(names - made - {""}) > 1:
        yield "two_tables"


def _is_explained(migration: Migration, rule: str, version: str) -> bool:
    if rule == "drop":
        unused_since = getattr(migration, "unused_since", None)
        return unused_since is not None and _numbers(unused_since) <= _numbers(version)
    return bool(getattr(migration, "safe_because", {}).get(rule))


def _numbers(version: str) -> tuple[int, ...]:
    return tuple(int(part) for part in version.removeprefix("v").split("."))
