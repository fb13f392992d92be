"""Each rule of migrations, with an operation that breaks it and with what to do instead."""

import pgtrigger.migrations
import pytest
from django.contrib.postgres import operations as postgres
from django.core.management import CommandError, call_command
from django.db import migrations, models
from django.db.migrations.state import ProjectState
from django.db.models.functions import Lower, Now, Random
from pgtrigger import compiler

from devtools.migration_rules import ADVICE, find_faults

IS_POSITIVE = models.CheckConstraint(condition=models.Q(size__gt=0), name="size_is_positive")
INDEX = models.Index(fields=["size"], name="size_index")


class Migration(migrations.Migration):
    dependencies = [("walks", "0001_initial")]


def state():
    """Models with rows: a walk, and a booking of it."""
    found = ProjectState()
    key = ("id", models.BigAutoField(primary_key=True))
    walk = [key, ("name", models.CharField(max_length=20)), ("size", models.IntegerField(null=True))]
    booking = [
        key,
        ("walk", models.ForeignKey("walks.walk", models.CASCADE)),
        ("day", models.DateField(db_default=Now())),
    ]
    for name, fields in {"Walk": walk, "Booking": booking}.items():
        migrations.CreateModel(name, fields).state_forwards("walks", found)
    return found


def faults(operations, version="0.2.0", **attributes):
    migration = type("Migration", (Migration,), {"operations": operations, **attributes})("0002_change", "walks")
    return sorted({fault.rule for fault in find_faults(migration, state(), version=version)})


def add(field, model="walk"):
    return [migrations.AddField(model, "new", field)]


def alter(name, field, model="walk"):
    return [migrations.AlterField(model, name, field)]


def state_only(operation, *database):
    return [migrations.SeparateDatabaseAndState(state_operations=[operation], database_operations=list(database))]


def foreign_key(**options):
    return models.ForeignKey("walks.walk", models.CASCADE, null=True, related_name="+", **options)


def generated():
    return models.GeneratedField(expression=Lower("name"), output_field=models.TextField(), db_persist=True)


def trigger():
    names = {"pgid": "pgtrigger_x", "table": "walks_walk"}
    sql = compiler.UpsertTriggerSql(func="RETURN NEW", operation="UPDATE", when="BEFORE", **names)
    return pgtrigger.migrations.AddTrigger("walk", compiler.Trigger(name="x", sql=sql))


DO_NOTHING = migrations.RunPython(migrations.RunPython.noop)
BAD = {
    "index": [
        [migrations.AddIndex("walk", INDEX)],
        [migrations.RemoveIndex("walk", "size_index")],
        add(models.IntegerField(null=True, db_index=True)),
        add(models.IntegerField(null=True, unique=True)),
        add(foreign_key(), "booking"),
        alter("size", models.IntegerField(null=True, db_index=True)),
    ],
    "alone": [
        [postgres.AddIndexConcurrently("walk", INDEX)],
        [postgres.AddIndexConcurrently("walk", INDEX), *add(models.TextField(null=True))],
    ],
    "not_null": [
        add(models.TextField(default="")),
        add(models.BooleanField(default=False)),
        alter("day", models.DateField(), "booking"),
    ],
    "type": [
        add(models.FloatField(db_default=Random())),
        alter("size", models.TextField(null=True)),
        alter("name", models.CharField(max_length=10)),
    ],
    "generated": [add(generated())],
    "constraint": [
        [migrations.AddConstraint("walk", IS_POSITIVE)],
        [migrations.AddConstraint("walk", models.UniqueConstraint(fields=["size"], name="unique_size"))],
        [postgres.AddConstraintNotValid("walk", IS_POSITIVE), postgres.ValidateConstraint("walk", "size_is_positive")],
        add(models.PositiveIntegerField(null=True)),
        alter("size", models.PositiveIntegerField(null=True)),
    ],
    "set_not_null": [alter("size", models.IntegerField())],
    "removal": [[migrations.RemoveField("walk", "size")], [migrations.DeleteModel("Booking")]],
    "forget": [state_only(migrations.RemoveField("walk", "name"))],
    "drop": [[migrations.RunSQL("ALTER TABLE walks_walk DROP COLUMN size")], [migrations.RunSQL("drop table x")]],
    "rename": [
        [migrations.RenameField("walk", "size", "length")],
        [migrations.RenameModel("Walk", "Patrol")],
        [migrations.AlterModelTable("walk", "patrols")],
    ],
    "data": [[*add(models.TextField(null=True)), DO_NOTHING]],
    "sql": [[migrations.RunSQL("LOCK TABLE walks_walk")]],
    "two_tables": [add(models.TextField(null=True)) + add(models.TextField(null=True), "booking")],
    "unknown": [[migrations.AlterUniqueTogether("walk", {("name", "size")})]],
}
GOOD = [
    add(models.TextField(null=True)),
    add(models.TextField(db_default="")),
    add(models.DateTimeField(db_default=Now())),
    add(foreign_key(db_index=False), "booking"),
    add(models.ManyToManyField("walks.walk", related_name="+")),
    alter("name", models.CharField(max_length=30, help_text="Its name")),
    alter("name", models.TextField(null=True)),
    [postgres.AddConstraintNotValid("walk", IS_POSITIVE)],
    [DO_NOTHING],
    [trigger()],
    state_only(migrations.RemoveField("walk", "size")),
    state_only(migrations.RemoveField("walk", "name"), *alter("name", models.CharField(max_length=20, null=True))),
    state_only(migrations.RemoveField("booking", "day")),
    # A new table is empty.
    [
        migrations.CreateModel("Dog", [("id", models.BigAutoField(primary_key=True)), ("size", models.IntegerField())]),
        migrations.AddIndex("dog", models.Index(fields=["size"], name="dog_size")),
        migrations.AddConstraint("dog", models.CheckConstraint(condition=models.Q(size__gt=0), name="dog_size")),
    ],
]


@pytest.mark.parametrize(("rule", "operations"), [(rule, each) for rule, cases in BAD.items() for each in cases])
def test_unsafe_migration_is_refused(rule, operations):
    assert faults(operations) == [rule]


@pytest.mark.parametrize("operations", GOOD)
def test_safe_migration_is_let_through(operations):
    assert faults(operations) == []


def test_concurrent_index_is_let_through_alone_and_outside_a_transaction():
    assert faults([postgres.AddIndexConcurrently("walk", INDEX)], atomic=False) == []


def test_every_rule_has_a_migration_that_breaks_it():
    assert set(BAD) == set(ADVICE)


def test_migration_can_say_why_one_rule_does_not_matter():
    operations = [migrations.AddIndex("walk", INDEX), migrations.RemoveField("walk", "name")]

    assert faults(operations, safe_because={"index": "Twelve rows, one for each BCU."}) == ["removal"]


@pytest.mark.parametrize(
    ("unused_since", "expected"), [("0.1.9", []), ("0.2.0", []), ("0.10.0", ["drop"]), (None, ["drop"])]
)
def test_column_is_dropped_only_after_the_release_that_stopped_using_it(unused_since, expected):
    drop = [migrations.RunSQL("ALTER TABLE walks_walk DROP COLUMN size")]

    assert faults(drop, version="0.2.0", unused_since=unused_since) == expected


def test_our_own_migrations_are_safe(capsys):
    call_command("check_migrations")

    assert "can run while people use" in capsys.readouterr().out


def test_command_names_what_is_wrong_and_what_to_do(monkeypatch):
    from django.db.migrations.loader import MigrationLoader

    load = MigrationLoader.build_graph

    def with_a_bad_one(loader):
        load(loader)
        bad = type("Migration", (Migration,), {"operations": [migrations.RemoveField("walk", "capacity")]})
        loader.graph.add_node(("walks", "0002_bad"), bad("0002_bad", "walks"))
        loader.graph.add_dependency("0002_bad", ("walks", "0002_bad"), ("walks", "0001_initial"))

    monkeypatch.setattr(MigrationLoader, "build_graph", with_a_bad_one)

    with pytest.raises(CommandError, match=r"walks\.0002_bad, Remove field capacity from walk \[removal\]"):
        call_command("check_migrations")
