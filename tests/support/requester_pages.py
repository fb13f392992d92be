"""Links to the requester's page."""

import datetime

from django.urls import reverse
from django.utils import timezone

from bookings.models.links import Link

PIN = "402817"


def create_page_link(booking, *, expires_in=datetime.timedelta(days=30)):
    """Create a link to the booking's page, and return its address."""
    token = Link.objects.create_token(booking, Link.Purpose.PAGE, expires_at=timezone.now() + expires_in)
    return reverse("manage:page", args=[token])
