"""Places where a poster of their own hangs, each with the code that its QR code carries."""

from typing import TYPE_CHECKING, Self
from uuid import uuid4

from django.db import models
from django.utils import timezone

from boroughs.models.bcus import Borough, BoroughCommandUnit
from boroughs.models.officers import Officer

if TYPE_CHECKING:
    from django.contrib.auth.models import AnonymousUser

LONGEST_NAME = 60


class PosterPlaceQuerySet(models.QuerySet["PosterPlace"]):
    def visible_to(self, user: "Officer | AnonymousUser") -> Self:
        """Return the places of this inspector's BCU; none for anyone else."""
        if not isinstance(user, Officer) or not user.is_active:
            return self.none()
        if user.role == Officer.Role.INSPECTOR and user.bcu_id:
            return self.filter(bcu=user.bcu_id)
        return self.none()

    def for_list_page(self) -> Self:
        return self.select_related("borough", "made_by").order_by("borough__name", "name", "made_at")


class PosterPlace(models.Model):
    """A place where a poster hangs. A row is never deleted: bookings keep its code, and old posters may be scanned."""

    uuid = models.UUIDField(primary_key=True, default=uuid4, editable=False)
    bcu = models.ForeignKey(BoroughCommandUnit, on_delete=models.PROTECT, related_name="+")
    borough = models.ForeignKey(Borough, on_delete=models.PROTECT, related_name="+")
    name = models.CharField(max_length=LONGEST_NAME)
    code = models.SlugField(unique=True, help_text="Part of the address in the QR code. It does not tell the place.")
    made_by = models.ForeignKey(Officer, on_delete=models.PROTECT, related_name="+")
    made_at = models.DateTimeField(default=timezone.now)
    taken_down_at = models.DateTimeField(null=True)

    objects = PosterPlaceQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["borough", "name"],
                condition=models.Q(taken_down_at=None),
                name="place_has_one_poster_at_a_time",
            )
        ]

    def __str__(self) -> str:
        return self.code
