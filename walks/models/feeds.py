"""The secret address from which an officer's own calendar fetches walks."""

from typing import Self

from django.db import models
from django.db.models import F
from django.utils import timezone

from boroughs.models.officers import Officer
from walkandtalk.lib import tokens


class CalendarFeedQuerySet(models.QuerySet["CalendarFeed"]):
    def visible_to(self, user: Officer) -> Self:
        """Return the user's own feed only, if it has not ended."""
        return self.open().filter(owner=user)

    def open(self) -> Self:
        """Leave out feeds that ended with their owner's sessions: by a new password or role, or a closed account."""
        return self.filter(owner__is_active=True, access_version=F("owner__access_version"))

    def for_token(self, token: str) -> "CalendarFeed | None":
        """Return the feed that this token opens, if it has not ended."""
        live = self.open().filter(token_hash=tokens.token_hash(token))
        return live.select_related("owner__bcu").first()


class CalendarFeed(models.Model):
    """A calendar feed. Its token is shown once and only its hash is stored. Deleting the row closes the address."""

    owner = models.OneToOneField(Officer, on_delete=models.CASCADE, related_name="calendar_feed")
    token_hash = models.CharField(max_length=64, unique=True)
    created_at = models.DateTimeField(default=timezone.now)
    access_version = models.PositiveIntegerField(help_text="Its owner's when it was created. It ends with it.")

    objects = CalendarFeedQuerySet.as_manager()

    def __str__(self) -> str:
        return str(self.owner_id)
