"""Full addresses of walks and calendar feeds, for messages and calendars."""

from walkandtalk.lib.addresses import public_url
from walks.models.walks import Walk


def calendar_feed_url(token: str) -> str:
    """Return the secret address of an officer's calendar feed."""
    return public_url("calendar-feed", token)


def staff_walk_url(walk: Walk) -> str:
    return public_url("on_the_day:walk", walk.pk)
