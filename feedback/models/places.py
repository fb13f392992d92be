"""Places that women told us about, and how many of them named each for which reason."""

import uuid
from typing import TYPE_CHECKING, Self

from django.db import models
from django.db.models import Q

from boroughs import taxonomy
from boroughs.geography.map_points import MapPoint
from boroughs.models.bcus import Borough, BoroughCommandUnit
from boroughs.models.officers import Officer

if TYPE_CHECKING:
    from django.contrib.auth.models import AnonymousUser

DECIMALS = 3
"""Decimal places of a degree that we keep: 110 metres from north to south, and 70 from east to west."""
RANKING = ("-confirmed", "-women", "-recent")
FEWEST_WOMEN = 2
"""A place is repeated once so many women have told us of it for the same reason."""


class ReportedPlaceQuerySet(models.QuerySet["ReportedPlace"]):
    def visible_to(self, user: "Officer | AnonymousUser") -> Self:
        """Return the places of an inspector's BCU."""
        if isinstance(user, Officer) and user.is_active and user.role == Officer.Role.INSPECTOR and user.bcu_id:
            return self.filter(bcu=user.bcu_id)
        return self.none()


class ReportedPlace(models.Model):
    """A place that a woman told us about. What others say of the same spot, within 100 metres, belongs to it.

    Its point is rounded, so that it says no more than its name does.
    """

    uuid = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    bcu = models.ForeignKey(BoroughCommandUnit, on_delete=models.PROTECT, related_name="+")
    borough = models.ForeignKey(Borough, on_delete=models.PROTECT, related_name="+")
    lat = models.FloatField()
    lon = models.FloatField()
    name = models.CharField(max_length=120, help_text="From our list of public places.")

    objects = ReportedPlaceQuerySet.as_manager()

    class Meta:
        constraints = [models.UniqueConstraint(name="one_reported_place_at_a_point", fields=["bcu", "lat", "lon"])]

    def __str__(self) -> str:
        return self.name

    @property
    def map_point(self) -> MapPoint:
        return MapPoint(self.lat, self.lon)


class RepeatedPlaceQuerySet(models.QuerySet["RepeatedPlace"]):
    def visible_to(self, user: "Officer | AnonymousUser") -> Self:
        """Return the repeated places of an inspector's BCU. They never count a concern that is kept from it."""
        if isinstance(user, Officer) and user.is_active and user.role == Officer.Role.INSPECTOR and user.bcu_id:
            return self.filter(bcu=user.bcu_id)
        return self.none()

    def ranked(self) -> Self:
        """Return the places that several women named, those of the most women whom we know first."""
        several = self.filter(women__gte=FEWEST_WOMEN).select_related("place__borough")
        return several.order_by(*RANKING, "-pk")


class RepeatedPlace(models.Model):
    """The number of women who told us of one kind of concern at one place, and still wait for something to be done.

    Kept by `feedback.places.counting`, so that a page need not count all concerns of a BCU.
    """

    place = models.ForeignKey(ReportedPlace, on_delete=models.CASCADE, related_name="repeated")
    kind = models.CharField(max_length=24)
    bcu = models.ForeignKey(BoroughCommandUnit, on_delete=models.PROTECT, related_name="+")
    women = models.PositiveIntegerField(default=0)
    confirmed = models.PositiveIntegerField(
        default=0, help_text="Of `women`, those with a booking or a confirmed address. The others may be one person."
    )
    recent = models.PositiveIntegerField(default=0, help_text="Women who told us in the last 90 days, of this or more.")
    earlier = models.PositiveIntegerField(default=0, help_text="Women who told us in the 90 days before.")
    latest_at = models.DateTimeField(null=True)

    objects = RepeatedPlaceQuerySet.as_manager()

    class Meta:
        constraints = [models.UniqueConstraint(name="one_count_of_a_place_and_kind", fields=["place", "kind"])]
        indexes = [
            models.Index(
                fields=["bcu", *RANKING, "-id"],
                condition=Q(women__gte=FEWEST_WOMEN),
                name="repeated_places_of_a_bcu",
            )
        ]

    def __str__(self) -> str:
        return f"{self.kind_label}: {self.place_id}"

    @property
    def kind_label(self) -> str:
        return taxonomy.label(self.kind)

    @property
    def unconfirmed(self) -> int:
        """How many of `women` may be one and the same: without a booking or a confirmed address."""
        return self.women - self.confirmed

    @property
    def summary(self) -> str:
        """The count in words: “3 women are waiting (1 without a confirmed address)”, and the trend."""
        who = "1 woman is waiting" if self.women == 1 else f"{self.women} women are waiting"
        unconfirmed = f" ({self.unconfirmed} without a confirmed address)" if self.unconfirmed else ""
        trend = f", {self.trend}" if self.trend else ""
        return f"{who}{unconfirmed}{trend}"

    @property
    def trend(self) -> str:
        """Whether more women told us lately than before. "" if there are too few to say."""
        if max(self.recent, self.earlier) < FEWEST_WOMEN + 1 or self.recent == self.earlier:
            return ""
        return f"{'more' if self.recent > self.earlier else 'fewer'} than in the 90 days before"
