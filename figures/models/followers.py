"""People who follow areas: an address, and the areas that it is told of. Nothing else is known of them."""

import datetime
import uuid
from typing import Self

from django.db import models
from django.db.models import Exists, OuterRef, Q
from django.utils import timezone

from accounts.models import RateCount
from figures.models.snapshots import Snapshot
from walkandtalk.lib import tokens
from walkandtalk.lib.fields import EncryptedTextField
from walkandtalk.lib.keys.keyed_hashes import KeyedHashField

CONFIRM_WITHIN = datetime.timedelta(days=7)


class FollowerQuerySet(models.QuerySet["Follower"]):
    def opened_by(self, token: str) -> "Follower | None":
        return self.filter(token_hmac__in=tokens.token_hmacs(token)).first()

    def to_tell_of(self, snapshot: Snapshot) -> Self:
        """Return confirmed followers whose last update was about an earlier quarter."""
        earlier = Q(told_of=None) | Q(told_of__lt=snapshot.first_day)
        return self.filter(earlier, Exists(FollowedArea.objects.confirmed().filter(follower=OuterRef("pk"))))

    def lock(self, pk: uuid.UUID) -> "Follower | None":
        """Return the follower, locked, or None if their address has been forgotten."""
        return self.select_for_update(no_key=True).filter(pk=pk).first()

    def add(self, email: str) -> "Follower":
        """Return the follower with this address, new or known, locked. Both take the same queries."""
        token, (email_hmac, *others) = tokens.new_token(), tokens.index_hmacs(email)
        if others:  # while INDEX_KEY has two keys, the row of this address may have been saved with the other one
            RateCount.objects.lock_key(f"follower {email.strip().lower()}")
            self.filter(email_hmac__in=others).update(email_hmac=email_hmac)
        new = Follower(email=email, email_hmac=email_hmac, token=token, token_hmac=tokens.token_hmac(token))
        # The update changes nothing. It locks a known row, which could otherwise be forgotten at this moment.
        hmac = ["email_hmac"]
        self.bulk_create([new], update_conflicts=True, unique_fields=hmac, update_fields=hmac)
        return self.get(email_hmac=email_hmac)


class Follower(models.Model):
    """One address. Its token is in every message to it: it opens what is new, and stops the messages."""

    uuid = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    email = EncryptedTextField()
    email_hmac = KeyedHashField(of="email", unique=True)
    token = EncryptedTextField()
    token_hmac = KeyedHashField(purpose="token", of="token", unique=True)
    told_of = models.DateField(null=True, help_text="The first day of the newest quarter that was news to them.")

    objects = FollowerQuerySet.as_manager()
    details_opened = None  # no page of staff reads it

    def __str__(self) -> str:
        return str(self.pk)

    @property
    def confirmed_areas(self) -> list[str]:
        """The slugs of the areas that they follow."""
        return list(self.areas.filter(confirmed_at__isnull=False).order_by("area").values_list("area", flat=True))


class FollowedAreaQuerySet(models.QuerySet["FollowedArea"]):
    def confirmed(self) -> Self:
        return self.filter(confirmed_at__isnull=False)

    def to_be_confirmed_by(self, token: str, *, now: datetime.datetime) -> "FollowedArea | None":
        """Return the area of a link that was sent in the last seven days. Pressed twice, it is found twice."""
        recent = self.filter(asked_at__gt=now - CONFIRM_WITHIN, token_hmac__in=tokens.token_hmacs(token))
        return recent.select_related("follower").first()

    def never_confirmed(self, now: datetime.datetime) -> Self:
        return self.filter(confirmed_at=None, asked_at__lte=now - CONFIRM_WITHIN)

    def ask(self, follower: Follower, area: str, *, now: datetime.datetime) -> str:
        """Return a token that confirms this area, new or known. An earlier one stops working."""
        token = tokens.new_token()
        row = FollowedArea(follower=follower, area=area, asked_at=now, token_hmac=tokens.token_hmac(token))
        changed, unique = ["asked_at", "token_hmac"], ["follower", "area"]
        self.bulk_create([row], update_conflicts=True, unique_fields=unique, update_fields=changed)
        return token


class FollowedArea(models.Model):
    """An area that someone asked us to follow for this address. We send nothing until they confirm it."""

    follower = models.ForeignKey(Follower, on_delete=models.CASCADE, related_name="areas")
    area = models.SlugField(help_text="The last part of the area's public address.")
    asked_at = models.DateTimeField(default=timezone.now)
    token_hmac = KeyedHashField(purpose="token", since="asked_at", lasts=CONFIRM_WITHIN, unique=True)
    confirmed_at = models.DateTimeField(null=True)

    objects = FollowedAreaQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(name="an_address_follows_an_area_once", fields=["follower", "area"]),
        ]
        indexes = [
            models.Index(fields=["asked_at"], name="areas_never_confirmed", condition=Q(confirmed_at=None)),
        ]

    def __str__(self) -> str:
        return str(self.pk)
