from typing import Any

from django.conf import settings
from django.core.exceptions import ImproperlyConfigured
from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandError

from walkandtalk.lib.database import roles


class Command(BaseCommand):
    help = "Migrate as the owner of the tables, give the application's role its privileges, and check them."
    requires_system_checks = []  # `migrate` has its own

    def handle(self, *, verbosity: int, **options: Any) -> None:
        application = settings.DATABASES["default"]
        if not settings.DATABASE_OWNER:
            raise CommandError("Set DATABASE_OWNER_URL: the role that owns the tables. docs/operating.md#two-roles")
        if settings.DATABASE_OWNER["USER"] == application["USER"]:
            raise CommandError("DATABASE_OWNER_URL and DATABASE_URL must have different roles.")
        with roles.as_owner():
            roles.create_application_role(application["USER"], application.get("PASSWORD", ""))
            call_command("migrate", interactive=False, verbosity=verbosity)
            call_command("createcachetable", verbosity=verbosity)
            roles.grant_privileges(application["USER"])
        try:
            roles.require_application_role()
        except ImproperlyConfigured as error:
            raise CommandError(str(error)) from error
