"""Offers of other times or places to the requester, and her answers."""

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
from walkandtalk.lib.reading import Opened
from walks.models.walks import Walk

MAX_ROUNDS = 3
"""The most rounds of offers before an inspector rings the requester or declines (docs/rules.md#offers)."""


class OfferQuerySet(models.QuerySet["Offer"]):
    def open(self) -> Self:
        return self.filter(answer="")

    def last_place_withdrawn(self) -> bool:
        """Return whether the latest offer was a place on a walk, and was withdrawn."""
        offer = self.order_by("round", "rank").last()
        return offer is not None and offer.is_place_on_walk and offer.answer == OfferAnswer.WITHDRAWN

    def expired(self, now: datetime.datetime) -> Self:
        """Return the offers that the requester did not answer in time."""
        return self.open().filter(expires_at__lte=now)


class Offer(models.Model):
    """One of up to three offers in a round. The requester accepts one of them, or none."""

    uuid = models.UUIDField(primary_key=True, default=uuid4, editable=False)
    booking = models.ForeignKey(Booking, on_delete=models.CASCADE, related_name="offers")
    round = models.PositiveSmallIntegerField()
    rank = models.PositiveSmallIntegerField()
    walk = models.ForeignKey(
        Walk,
        on_delete=models.PROTECT,
        null=True,
        related_name="offers",
        help_text="The walk, if this is a place on one. `start_at` and `place` keep the offered values.",
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
    def details_opened(self) -> Opened:
        return Opened("offer", "booking", self.booking_id)

    @property
    def when(self) -> str:
        """ "Tuesday 8 December 2026, 6:30pm"."""
        return f"{london.long_date(self.start_at)}, {london.clock(self.start_at)}"

    @property
    def is_open(self) -> bool:
        return not self.answer

    @property
    def is_place_on_walk(self) -> bool:
        """Return whether this is a place on an existing walk, which the requester gets as soon as she accepts."""
        return self.walk_id is not None

    @property
    def is_accepted(self) -> bool:
        return self.answer == OfferAnswer.YES


def open_offers(booking: Booking) -> list[Offer]:
    """Return the offers that the requester can still accept. Prefetch `offers` for lists."""
    return [offer for offer in booking.offers.all() if offer.is_open] if booking.status == Status.OFFERED else []


def accepted_offer(booking: Booking) -> Offer | None:
    """Return the accepted offer of the last round while the requester waits for a walk. Prefetch `offers` for lists."""
    if booking.status != Status.WAITING:
        return None
    offers = list(booking.offers.all())
    return next((offer for offer in offers if offer.is_accepted and offer.round == offers[-1].round), None)
