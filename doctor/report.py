"""Run every examination and Django's own checks, and make the lines that `manage.py doctor` prints."""

from collections.abc import Iterator
from dataclasses import dataclass

from django.conf import settings
from django.core.checks import ERROR, CheckMessage
from django.core.checks.registry import registry
from django.db import Error

from doctor.checks.database import find_database
from doctor.checks.people import find_lone_administrator
from doctor.examination import EXAMINATIONS, TAG, Examination

FINE, WARNING, STOPS = "✓", "!", "✗"


@dataclass(frozen=True)
class Line:
    mark: str
    text: str
    what_to_do: str = ""

    def __str__(self) -> str:
        return f"{self.mark} {self.text}" + (f"\n  {self.what_to_do}" if self.what_to_do else "")


def examine() -> Iterator[Line]:
    """Yield what was found, and a line for each examination that found nothing."""
    has_database = not find_database()
    yield from _lines("Django’s own checks find nothing", _find_by_django(has_database=has_database))
    for each in EXAMINATIONS:
        if each.needs_database and not has_database:
            yield Line(WARNING, f"Not known without the database: {each.title}")
        else:
            yield from _examined(each)


def _examined(each: Examination) -> Iterator[Line]:
    try:
        yield from _lines(each.title, each.find())
    except Error as error:  # no tables yet, or no right to read them
        yield Line(STOPS, f"Not known: {each.title}", f"The database refused to answer: {type(error).__name__}.")


def _lines(title: str, messages: list[CheckMessage]) -> Iterator[Line]:
    if not messages:
        yield Line(FINE, title)
    for message in messages:
        yield Line(STOPS if message.level >= ERROR else WARNING, message.msg, message.hint or "")


def _find_by_django(*, has_database: bool) -> list[CheckMessage]:
    databases = ["default"] if has_database else []
    registered = registry.get_checks(include_deployment_checks=not settings.DEVELOPMENT)
    others = [check for check in registered if TAG not in check.tags]
    found = [message for check in others for message in check(app_configs=None, databases=databases)]
    shown_below = {message.id for message in find_lone_administrator()} if has_database else set()
    return [message for message in found if not message.is_silenced() and message.id not in shown_below]
