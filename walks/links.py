"""Full addresses of walks and calendar feeds, for messages and calendars."""

from django.conf import settings
from django.urls import reverse

from walks.models.walks import Walk


def calendar_feed_url(token: str) -> str:
    """Return the secret address of an officer's calendar feed."""
    return public_url("calendar-feed", token)


def staff_walk_url(walk: Walk) -> str:
    return public_url("on_the_day:walk", walk.pk)


def public_url(name: str, *args: object) -> str:
    # Name the URL configuration: a request to the neutral host has another one.
    return f"{settings.PUBLIC_URL}{reverse(name, urlconf=settings.ROOT_URLCONF, args=args)}"
