"""The browser of someone who has opened an invitation and may now connect a force account, kept in its session.

The page that an invitation's link leads to calls `remember_invited`, and then redirects to
`accounts:connect_force_account`.
"""

import time
from datetime import timedelta

from django.http import HttpRequest

from boroughs.models.officers import Officer

SESSION_KEY = "invited_officer"
KEPT_FOR = timedelta(minutes=30)


def remember_invited(request: HttpRequest, officer: Officer) -> None:
    request.session[SESSION_KEY] = {
        "officer": officer.pk,
        "access_version": officer.access_version,
        "until": int(time.time() + KEPT_FOR.total_seconds()),
    }


def find_invited(request: HttpRequest) -> Officer | None:
    """Return the person whose invitation this browser has opened, unless it has been used or ended meanwhile."""
    kept = request.session.get(SESSION_KEY)
    if kept is None or kept["until"] <= time.time():
        return None
    invited: Officer | None = Officer.objects.filter(
        pk=kept["officer"], access_version=kept["access_version"], is_active=True
    ).first()
    return invited
