import tomllib
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from django.apps import apps
from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.db.migrations.loader import MigrationLoader

from devtools.migration_rules import Fault, find_faults


class Command(BaseCommand):
    help = "Refuse migrations that lock people out, or that break the previous release (docs/releases.md#migrations)."
    requires_system_checks = []

    def handle(self, **options: Any) -> None:
        if faults := list(_faults()):
            raise CommandError("\n".join(["Not safe while people use the service:", *map(str, faults)]))
        self.stdout.write("Every migration can run while people use the previous release.")


def _faults() -> Iterator[Fault]:
    """Walk through all migrations in their order, because the rules compare the models before and after."""
    version = tomllib.loads((settings.BASE_DIR / "pyproject.toml").read_text())["project"]["version"]
    loader = MigrationLoader(None)
    ours = {app.label for app in apps.get_app_configs() if "site-packages" not in Path(app.path).parts}
    state = loader.project_state([])
    for key in _in_order(loader):
        migration = loader.graph.nodes[key]
        if migration.app_label in ours:
            yield from find_faults(migration, state, version=version)
        state = migration.mutate_state(state, preserve=False)


def _in_order(loader: MigrationLoader) -> list[tuple[str, str]]:
    return list(dict.fromkeys(key for leaf in loader.graph.leaf_nodes() for key in loader.graph.forwards_plan(leaf)))
