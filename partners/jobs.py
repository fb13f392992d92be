"""Work that the clock starts: sending to partners, asking them for news, and deleting what is old."""

from datetime import datetime

from django.conf import settings

from partners.models.open311 import Open311Request
from partners.open311.delivery import send_due
from partners.open311.polling import poll_due
from walkandtalk.lib import london


def send_open311_requests(now: datetime) -> None:
    send_due()


def poll_open311_requests(now: datetime) -> None:
    poll_due(now)


def delete_old_open311_requests(now: datetime) -> None:
    """Delete them as long after they were made as the text of a concern is kept."""
    Open311Request.objects.filter(created_at__lt=london.years_before(now, settings.KEEP_CONCERNS_YEARS)).delete()
