"""What we offered her instead of her own times, and what she said."""

import datetime
from typing import Self
from uuid import uuid4

from django.db import models
from django.db.models import Q
from django.utils import timezone

from bookings.models.bookings import Booking
from bookings.statuses import OfferAnswer, Status
from boroughs.models.officers import Officer
from walkandtalk.lib import london
from walkandtalk.lib.choices import ChoiceField
from walkandtalk.lib.fields import EncryptedTextField
from walks.models.walks import Walk

MAX_ROUNDS = 3
"""How often we may offer her something, before somebody rings her or declines (docs/rules.md#offers)."""


class OfferQuerySet(models.QuerySet["Offer"]):
    def open(self) -> Self:
        return self.filter(answer="")

    def last_place_withdrawn(self) -> bool:
        """Was the last thing that we offered her a place on a walk, and is it gone?"""
        last = self.order_by("round", "rank").last()
        return last is not None and last.is_place_on_walk and last.answer == OfferAnswer.WITHDRAWN

    def expired(self, now: datetime.datetime) -> Self:
        """Those that she did not answer in time."""
        return self.open().filter(expires_at__lte=now)


class Offer(models.Model):
    """One of up to three alternatives of a round. She picks one of the round, or none."""

    uuid = models.UUIDField(primary_key=True, default=uuid4, editable=False)
    booking = models.ForeignKey(Booking, on_delete=models.CASCADE, related_name="offers")
    round = models.PositiveSmallIntegerField()
    rank = models.PositiveSmallIntegerField()
    walk = models.ForeignKey(
        Walk,
        on_delete=models.PROTECT,
        null=True,
        related_name="offers",
        help_text="The walk on which this is a place. Time and place stay as they were offered.",
    )
    start_at = models.DateTimeField()
    place = EncryptedTextField()
    by = models.ForeignKey(Officer, on_delete=models.PROTECT, related_name="+")
    offered_at = models.DateTimeField(default=timezone.now)
    expires_at = models.DateTimeField()
    answer = ChoiceField(max_length=9, choices=OfferAnswer.choices, blank=True)
    answered_at = models.DateTimeField(null=True)

    objects = OfferQuerySet.as_manager()

    class Meta:
        ordering = ["round", "rank"]
        indexes = [models.Index(fields=["expires_at"], condition=Q(answer=""), name="open_offers")]
        constraints = [
            models.UniqueConstraint(fields=["booking", "round", "rank"], name="one_offer_a_round_and_rank"),
            models.CheckConstraint(
                condition=Q(round__gte=1, round__lte=MAX_ROUNDS), name="offers_come_in_three_rounds"
            ),
            models.CheckConstraint(
                condition=Q(answer="", answered_at=None) | ~Q(answer="") & Q(answered_at__isnull=False),
                name="offer_is_answered_at_a_time",
            ),
        ]

    def __str__(self) -> str:
        return str(self.uuid)

    @property
    def when(self) -> str:
        """ "Tuesday 8 December 2026, 6:30pm"."""
        return f"{london.long_date(self.start_at)}, {london.clock(self.start_at)}"

    @property
    def is_open(self) -> bool:
        return not self.answer

    @property
    def is_place_on_walk(self) -> bool:
        """Is it a place on a walk that there is, which she has as soon as she says yes?"""
        return self.walk_id is not None

    @property
    def is_accepted(self) -> bool:
        return self.answer == OfferAnswer.YES


def open_offers(booking: Booking) -> list[Offer]:
    """What she may still pick from. Prefetch `offers` for lists."""
    return [offer for offer in booking.offers.all() if offer.is_open] if booking.status == Status.OFFERED else []


def accepted_offer(booking: Booking) -> Offer | None:
    """The time of the last round that she said yes to, while she waits for a walk then. Prefetch `offers` for lists."""
    if booking.status != Status.WAITING:
        return None
    offers = list(booking.offers.all())
    return next((offer for offer in offers if offer.is_accepted and offer.round == offers[-1].round), None)
