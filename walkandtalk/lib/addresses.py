"""Full addresses for messages and calendars. The host comes from settings, never from a request."""

from django.conf import settings
from django.urls import reverse


def public_url(name: str, *args: object) -> str:
    # Name the URL configuration: a request to the neutral host has another one.
    return f"{settings.PUBLIC_URL}{reverse(name, urlconf=settings.ROOT_URLCONF, args=args)}"
