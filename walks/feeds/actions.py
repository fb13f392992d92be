"""An officer makes the secret address of her calendar, and takes it back."""

import datetime

from django.db import transaction
from django.utils import timezone

from accounts.models import Limit, RateCount
from boroughs.models.officers import Officer
from walkandtalk.lib import tokens
from walkandtalk.lib.errors import BookingError, require
from walks.locks import lock_officers
from walks.models.feeds import CalendarFeed
from walks.permissions import can_see_walks

HOUR = datetime.timedelta(hours=1)
A_FEED_AN_HOUR = 60
A_NETWORK_AN_HOUR = 600
"""A whole station asks from one address, and most calendars once an hour."""


class AskedTooOften(BookingError):
    """By one calendar, or by one network, which may be guessing."""


@transaction.atomic
def make_feed(owner: Officer) -> str:
    """Its token, which nobody can read again. An earlier address of hers opens nothing any more."""
    require(can_see_walks(owner))
    lock_officers([owner])
    token = tokens.new_token()
    made = {"token_hash": tokens.token_hash(token), "made_at": timezone.now()}
    CalendarFeed.objects.update_or_create(owner=owner, defaults=made)
    return token


def revoke_feed(owner: Officer) -> None:
    require(can_see_walks(owner))
    CalendarFeed.objects.filter(owner=owner).delete()


def open_feed(token: str, *, network: str) -> Officer | None:
    """Whose walks this token shows. None where it shows nobody's, or not any more."""
    limits = {
        "feed": Limit(f"feed {token}", HOUR, A_FEED_AN_HOUR),
        "network": Limit(f"feeds of {network}", HOUR, A_NETWORK_AN_HOUR),
    }
    if RateCount.objects.take(**limits):
        raise AskedTooOften
    found = CalendarFeed.objects.of_token(token)
    return found.owner if found is not None and can_see_walks(found.owner) else None
