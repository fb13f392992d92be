"""Who may read the logs."""

from boroughs.models.officers import Officer, is_auditor


def can_audit(user: Officer) -> bool:
    return is_auditor(user)
