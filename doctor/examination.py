"""One thing that `manage.py doctor` looks at. Each is one of Django's system checks too."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from django.core import checks
from django.db import Error

TAG = "doctor"
Find = Callable[[], list[checks.CheckMessage]]


@dataclass(frozen=True)
class Examination:
    title: str
    """A sentence that is true if nothing is found."""
    find: Find
    needs_database: bool


EXAMINATIONS: list[Examination] = []


def examination(title: str, *, looks_outside: bool = True, needs_database: bool = False) -> Callable[[Find], Find]:
    """Register the function with doctor, and with `manage.py check --deploy`.

    A check that looks beyond this process, at servers or files, runs there only with `--database default`.
    """

    def register(find: Find) -> Find:
        def check(databases: Sequence[str] | None = None, **_kwargs: Any) -> list[checks.CheckMessage]:
            if looks_outside and not databases:
                return []
            try:
                return find()
            except Error:  # one examination says that the database doesn't answer
                return []

        EXAMINATIONS.append(Examination(title, find, needs_database))
        checks.register(check, TAG, deploy=True)
        return find

    return register
