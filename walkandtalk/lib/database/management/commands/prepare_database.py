from typing import Any

from django.conf import settings
from django.core.exceptions import ImproperlyConfigured
from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandError, CommandParser

from walkandtalk.lib.database import live_changes, roles

IN_USE = (
    "A table was in use for too long ({tries} tries). The last migration was undone, and the service runs as before. "
    "Run this command again when it is quieter, or find and end the transaction that is in the way: "
    "docs/releases.md#a-migration-that-gives-way"
)


class Command(BaseCommand):
    help = "Migrate as the owner of the tables, give the application's role its privileges, and check them."
    requires_system_checks = []  # `migrate` has its own

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--tries", type=int, default=6, help="how often to try if a table is in use (6)")
        parser.add_argument("--pause", type=float, default=10, help="seconds between two tries (10)")

    def handle(self, *, verbosity: int, tries: int, pause: float, **options: Any) -> None:
        application = settings.DATABASES["default"]
        if not settings.DATABASE_OWNER:
            raise CommandError("Set DATABASE_OWNER_URL: the role that owns the tables. docs/operating.md#two-roles")
        if settings.DATABASE_OWNER["USER"] == application["USER"]:
            raise CommandError("DATABASE_OWNER_URL and DATABASE_URL must have different roles.")
        say = self.stdout.write

        def change() -> None:
            call_command("migrate", interactive=False, verbosity=verbosity)
            call_command("createcachetable", verbosity=verbosity)
            roles.grant_privileges(application["USER"])

        with roles.as_owner(), live_changes.one_at_a_time(say), live_changes.short_locks():
            roles.create_application_role(application["USER"], application.get("PASSWORD", ""))
            _refuse_invalid_indexes()
            try:
                live_changes.try_again(change, tries=tries, pause=pause, say=say)
            except live_changes.TablesInUse as error:
                raise CommandError(IN_USE.format(tries=tries)) from error
        try:
            roles.require_application_role()
        except ImproperlyConfigured as error:
            raise CommandError(str(error)) from error


def _refuse_invalid_indexes() -> None:
    """Django would find that the index exists already, and fail without a word of what to do."""
    if found := live_changes.invalid_indexes():
        statements = "; ".join(f'DROP INDEX CONCURRENTLY "{name}"' for name in found)
        raise CommandError(
            f"The building of {', '.join(found)} was interrupted. If nobody is building it now, run as the owner: "
            f"{statements}. Then run this command again."
        )
