"""The secret address from which an officer's own calendar fetches walks."""

from typing import Self

from django.db import models
from django.utils import timezone

from boroughs.models.officers import Officer
from walkandtalk.lib import tokens


class CalendarFeedQuerySet(models.QuerySet["CalendarFeed"]):
    def visible_to(self, user: Officer) -> Self:
        """Return the user's own feed only."""
        return self.filter(owner=user)

    def for_token(self, token: str) -> "CalendarFeed | None":
        """Return the feed that this token opens, if its owner can still sign in."""
        live = self.filter(token_hash=tokens.token_hash(token), owner__is_active=True)
        return live.select_related("owner__bcu").first()


class CalendarFeed(models.Model):
    """A calendar feed. Its token is shown once and only its hash is stored. Deleting the row closes the address."""

    owner = models.OneToOneField(Officer, on_delete=models.CASCADE, related_name="calendar_feed")
    token_hash = models.CharField(max_length=64, unique=True)
    created_at = models.DateTimeField(default=timezone.now)

    objects = CalendarFeedQuerySet.as_manager()

    def __str__(self) -> str:
        return str(self.owner_id)
