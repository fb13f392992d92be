"""Actions that create, open and revoke the secret address of an officer's calendar feed."""

import datetime

from django.db import transaction
from django.utils import timezone

from accounts.limits import RateLimit
from accounts.models import RateCount, SecurityEventKind
from accounts.security_log import record_security_event
from boroughs.models.officers import Officer
from walkandtalk.lib import tokens
from walkandtalk.lib.errors import ActionError, require
from walks.feeds.emails import send_feed_made
from walks.locks import lock_officers
from walks.models.feeds import CalendarFeed
from walks.permissions import can_see_walks

HOUR = datetime.timedelta(hours=1)
FEED_REQUESTS_PER_HOUR = 60
NETWORK_REQUESTS_PER_HOUR = 600
"""A whole police station may share one network address; most calendars fetch once an hour."""


class FeedRateLimited(ActionError):
    """Too many requests from one calendar, or from one network, which may be guessing tokens."""


@transaction.atomic
def create_feed(owner: Officer) -> str:
    """Return a new token, which is never shown again. The officer's earlier address stops working."""
    (locked,) = lock_officers([owner])
    # A session that has ended while it waited for the lock gets no feed.
    require(can_see_walks(locked) and locked.access_version == owner.access_version)
    token = tokens.new_token()
    fields = {
        "token_hash": tokens.token_hash(token),
        "created_at": timezone.now(),
        "access_version": locked.access_version,
    }
    CalendarFeed.objects.update_or_create(owner=owner, defaults=fields)
    send_feed_made(locked, record_security_event(SecurityEventKind.FEED_MADE, officer=owner, subject=owner))
    return token


def revoke_feed(owner: Officer) -> None:
    require(can_see_walks(owner))
    CalendarFeed.objects.filter(owner=owner).delete()


def get_feed_owner(token: str, *, network: str) -> Officer | None:
    """Return the officer whose walks this token shows, or None if it is unknown or no longer valid."""
    limits = {
        "feed": RateLimit(f"feed {token}", HOUR, FEED_REQUESTS_PER_HOUR),
        "network": RateLimit(f"feeds of {network}", HOUR, NETWORK_REQUESTS_PER_HOUR),
    }
    if RateCount.objects.increment_all(**limits):
        raise FeedRateLimited
    feed = CalendarFeed.objects.for_token(token)
    return feed.owner if feed is not None and can_see_walks(feed.owner) else None
