"""Tables that can only be added to. Two triggers on each refuse every change, also to the role that owns the tables.

    class Meta:
        triggers = append_only()

docs/decisions/two-database-roles.md says why. The privileges of roles.py hold the application back a second time.
"""

from dataclasses import dataclass

import pgtrigger
from django.apps import apps
from django.db import models
from pgtrigger import compiler

KEPT_SINCE = "public.history_kept_since()"
"""A function of the owner's (roles.py): the time before which history may be deleted."""


class UnignorableTriggerSql(compiler.UpsertTriggerSql):
    """A trigger without the exception that `pgtrigger.ignore` makes for everyone who can set a session variable."""

    def get_template(self) -> str:
        """Migrations refer to this template, so it must not change. A new one needs a class of its own."""
        return """
            CREATE OR REPLACE FUNCTION public.{pgid}() RETURNS TRIGGER AS $$
                BEGIN
                    {func}
                END;
            $$ LANGUAGE plpgsql;

            DROP TRIGGER IF EXISTS {pgid} ON {table};
            CREATE TRIGGER {pgid} {when} {operation} ON {table}
                FOR EACH {level} EXECUTE FUNCTION public.{pgid}();
            COMMENT ON TRIGGER {pgid} ON {table} IS '{hash}';
        """


class AppendOnlyTrigger(pgtrigger.Trigger):
    when = pgtrigger.Before

    def compile(self, model: models.Model) -> compiler.Trigger:
        sql = UnignorableTriggerSql(
            pgid=self.get_pgid(model),
            func=self.render_func(model),
            table=model._meta.db_table,
            when=self.when,
            operation=self.operation,
            level=self.level,
        )
        return compiler.Trigger(name=self.name, sql=sql)


class NoDelete(AppendOnlyTrigger):
    """Refuse to delete a row whose retention period is not over."""

    name = "no_delete"
    operation = pgtrigger.Delete

    def __init__(self, *, at: str) -> None:
        self.at = at
        super().__init__()

    def get_func(self, model: models.Model) -> str:
        return (
            f"IF OLD.{self.at} <= {KEPT_SINCE} THEN RETURN OLD; END IF; "
            "RAISE EXCEPTION '% is append-only: this row must be kept.', TG_TABLE_NAME;"
        )


class NeverDelete(AppendOnlyTrigger):
    """Refuse to delete a row, however old it is."""

    name = "never_delete"
    operation = pgtrigger.Delete
    func = "RAISE EXCEPTION '% is kept for good.', TG_TABLE_NAME;"


class NoChange(AppendOnlyTrigger):
    """Refuse to change rows, and to empty the table. One trigger for the statement, however many rows it has."""

    name = "no_change"
    operation = pgtrigger.Update | pgtrigger.Truncate
    level = pgtrigger.Statement
    func = "RAISE EXCEPTION '% is append-only: no % here.', TG_TABLE_NAME, TG_OP;"


def append_only(*, at: str = "at") -> list[pgtrigger.Trigger]:
    """Return the triggers of an append-only table. `at` is the column that says when a row was added."""
    return [NoDelete(at=at), NoChange()]


def kept_for_good() -> list[pgtrigger.Trigger]:
    """Return the triggers of a table whose rows never change and are never deleted. None of them is about a person."""
    return [NeverDelete(), NoChange()]


@dataclass(frozen=True)
class Log:
    """An append-only table, and the tables whose rows hang on its rows and go with them."""

    table: str
    key: str
    at: str
    dependants: tuple[tuple[str, str], ...]


def logs() -> list[Log]:
    """Return every append-only table."""
    found = (
        _log(model, trigger)
        for model in apps.get_models()
        for trigger in getattr(model._meta, "triggers", [])
        if isinstance(trigger, NoDelete)
    )
    return sorted(found, key=lambda log: log.table)


def _log(model: type[models.Model], trigger: NoDelete) -> Log:
    meta = model._meta
    dependants = [
        (relation.related_model._meta.db_table, str(relation.field.column))
        for relation in meta.related_objects
        if relation.on_delete is models.CASCADE
    ]
    return Log(meta.db_table, str(meta.pk.column), trigger.at, tuple(dependants))
