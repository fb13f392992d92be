"""Who may read the logs."""

from boroughs.models.officers import Officer


def can_audit(user: Officer) -> bool:
    return user.is_active and user.role == Officer.Role.AUDITOR
