"""The jobs that answer requests for a new password, and delete links that have expired."""

import datetime

from accounts.models import PasswordLink, ResetRequest
from accounts.new_passwords.actions import answer_reset_request
from outbox.jobs import BATCH, for_each


def answer_reset_requests(now: datetime.datetime) -> None:
    """Send each link that was asked for. Only here do we learn whether there is anyone to send it to."""
    asked = ResetRequest.objects.filter(asked_at__lte=now).order_by("asked_at")[:BATCH]
    for_each(asked, answer_reset_request)


def delete_expired_links(now: datetime.datetime) -> None:
    PasswordLink.objects.filter(expires_at__lte=now).delete()
