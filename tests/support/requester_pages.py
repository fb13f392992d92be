"""Links to the requester's page."""

import datetime

from django.urls import reverse
from django.utils import timezone

from bookings.models.links import Link

PIN = "402817"


def create_page_link(booking, *, expires_in=datetime.timedelta(days=30), email=""):
    """Create a link to the booking's page, as a message to this address has it. Return the link's address."""
    expires_at = timezone.now() + expires_in
    token = Link.objects.create_token(booking, Link.Purpose.PAGE, expires_at=expires_at, email=email)
    return reverse("manage:page", args=[token])
