"""The Celery application. Its settings are those that begin with CELERY_."""

import os
from functools import cached_property
from typing import Any

import django
from celery import Celery

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "walkandtalk.settings")


class Application(Celery):
    """Celery, whose worker and beat refuse to start with a role that could change the logs, or on a restored database.

    docs/operating.md#two-roles, docs/backup.md
    """

    @cached_property
    def Worker(self) -> Any:  # noqa: N802  # Celery's name
        _require_fit_database()
        return super().Worker

    @cached_property
    def Beat(self) -> Any:  # noqa: N802  # Celery's name
        _require_fit_database()
        return super().Beat


def _require_fit_database() -> None:
    # Here, because every process imports this module before Django is set up.
    from walkandtalk.lib.database import roles

    django.setup()
    from walkandtalk.lib.database import restores  # it has a model

    roles.require_application_role()
    restores.require_complete_database()


app = Application("walkandtalk")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.autodiscover_tasks()
