"""The news that an open queue doesn't show yet: new requests, and the colleagues who have claimed its rows since."""

import datetime
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple
from urllib.parse import urlencode
from uuid import UUID

from django.db.models import BinaryField, BooleanField, CharField, DateTimeField, Value

from bookings.models.booking_queries import BookingQuerySet
from bookings.models.contacts import BookingContact
from bookings.statuses import Need
from boroughs.models.officers import Officer
from walkandtalk.lib import london
from walkandtalk.lib.counting import MOST_COUNTED, badge
from walkandtalk.lib.reading import untracked

MARGIN = datetime.timedelta(seconds=5)
"""A request has its time moments before it is saved, so the page may have been made in between."""


@dataclass(frozen=True)
class Known:
    """The contents of the page: the ids of its rows, and everything up to this moment."""

    since: datetime.datetime
    rows: Sequence[UUID]

    @property
    def query_string(self) -> str:
        return urlencode({"since": round(self.since.timestamp()), "rows": ".".join(row.hex for row in self.rows)})


class Found(NamedTuple):
    """A new booking with its needs, still encrypted, or a row of the page with the colleague who has claimed it."""

    pk: UUID
    needs: Any
    needs_details: Any
    name: Any
    rank: Any
    acting: Any
    claimed_at: Any


def find_news(
    user: Officer,
    known: Known,
    *,
    visible: BookingQuerySet,
    listed: BookingQuerySet,
    fits: Callable[[list[Need]], bool] | None = None,
) -> dict[str, Any]:
    """Return how many bookings are new to this list, and who has claimed which row since. One query.

    `listed` are the bookings of the tab and its filters. `fits` is the filter that the database can't apply.
    """
    new = listed.entered_after(known.since).exclude(pk__in=known.rows).order_by()
    claimed = visible.filter(pk__in=known.rows, claim__at__gt=known.since).exclude(claim__officer=user).order_by()
    no_needs = [Value(None, output_field=BinaryField())] * 2
    no_claim = [
        Value(None, output_field=field) for field in (CharField(), CharField(), BooleanField(), DateTimeField())
    ]
    claimant = [f"claim__officer__{field}" for field in ("name", "rank", "acting")]
    rows = new.values_list("pk", "contact__needs", "contact__needs_details", *no_claim)[:MOST_COUNTED].union(
        claimed.values_list("pk", *no_needs, *claimant, "claim__at"), all=True
    )
    found = sorted(map(Found._make, rows), key=lambda row: row.pk)
    shown = set(known.rows)
    return {
        "new": badge(sum(1 for row in found if row.pk not in shown and (fits is None or fits(_needs(row))))),
        "claims": {str(row.pk): _claim(row) for row in found if row.pk in shown},
    }


def _needs(row: Found) -> list[Need]:
    with untracked():
        return BookingContact(row.pk, needs=row.needs, needs_details=row.needs_details).needs_to_arrange()


def _claim(row: Found) -> dict[str, str]:
    """Return the colleague as the queue names her, and since when."""
    officer = Officer(name=row.name, rank=row.rank, acting=row.acting)
    return {"by": officer.name_with_rank, "at": london.clock(row.claimed_at)}
