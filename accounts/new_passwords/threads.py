"""The name of the thread in the outbox that is about a person's own account."""

from boroughs.models.officers import Officer


def account_thread(officer: Officer) -> str:
    return f"account:{officer.pk}"
