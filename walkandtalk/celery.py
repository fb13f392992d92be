"""The Celery application. Its settings are those that begin with CELERY_."""

import os
from functools import cached_property
from typing import Any

import django
from celery import Celery, Task
from structlog.contextvars import bind_contextvars, clear_contextvars

from walkandtalk.lib.monitoring.request_ids import current_request_id

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "walkandtalk.settings")


REQUEST_HEADER = "walkandtalk_request"


class TracedTask(Task):  # type: ignore[type-arg]  # generic only in the stubs
    """A task whose lines in the log have its id, and the id of the request that queued it."""

    def apply_async(self, *args: Any, headers: dict[str, str] | None = None, **options: Any) -> Any:
        if request_id := current_request_id():
            headers = {**(headers or {}), REQUEST_HEADER: str(request_id)}
        return super().apply_async(*args, headers=headers or {}, **options)

    def __call__(self, *args: Any, **kwargs: Any) -> Any:
        if self.request.id and not self.request.is_eager:
            # Kept until the next task, because Celery says afterwards how this one ended.
            clear_contextvars()
            bind_contextvars(task=self.request.id)
            if request_id := (self.request.headers or {}).get(REQUEST_HEADER):
                bind_contextvars(request=request_id)
        return super().__call__(*args, **kwargs)


class Application(Celery):
    """Celery, whose worker and beat refuse to start with a role that could change the logs, or on a restored database.

    docs/operating.md#two-roles, docs/backup.md
    """

    task_cls = "walkandtalk.celery:TracedTask"

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
