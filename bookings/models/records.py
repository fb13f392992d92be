"""What happened, who looked, and the links that lead back."""

import datetime
from dataclasses import dataclass
from uuid import uuid4

from django.db import connection, models
from django.db.models import F, Q, Sum
from django.utils import timezone

from bookings.models.bookings import Booking
from bookings.models.standing import StandingWalk
from bookings.models.walks import Walk
from bookings.statuses import COUNTED, EventKind
from boroughs.models import Officer
from walkandtalk.lib import tokens
from walkandtalk.lib.fields import EncryptedTextField


class Event(models.Model):
    """One line of history, written in the transaction of what it tells of. Only its note is ever changed: forgotten."""

    uuid = models.UUIDField(primary_key=True, default=uuid4, editable=False)
    booking = models.ForeignKey(Booking, on_delete=models.CASCADE, null=True, related_name="events")
    walk = models.ForeignKey(Walk, on_delete=models.CASCADE, null=True, related_name="events")
    standing = models.ForeignKey(
        StandingWalk, on_delete=models.CASCADE, null=True, related_name="events", db_index=False
    )
    kind = models.CharField(max_length=20, choices=EventKind.choices)
    by = models.ForeignKey(Officer, on_delete=models.PROTECT, null=True, related_name="+")
    at = models.DateTimeField(default=timezone.now)
    from_status = models.CharField(max_length=24, blank=True)
    to_status = models.CharField(max_length=24, blank=True)
    code = models.CharField(max_length=24, blank=True)
    note = EncryptedTextField(default="")
    edition = models.PositiveIntegerField(
        null=True, editable=False, help_text="The version of the booking, or the revision of the walk, from then on."
    )

    class Meta:
        ordering = ["at", "uuid"]
        indexes = [
            models.Index(fields=["booking", "at"], name="history_of_a_booking"),
            models.Index(
                fields=["standing", "at"], condition=Q(standing__isnull=False), name="history_of_a_standing_walk"
            ),
            models.Index(
                fields=["at"], condition=Q(kind__in=COUNTED), name="events_that_are_counted", include=["kind"]
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display()} {self.at:%Y-%m-%d %H:%M}"


class ReadLog(models.Model):
    """Somebody opened a personal detail. Append-only: ids and the field's name, never its content."""

    officer = models.ForeignKey(Officer, on_delete=models.PROTECT, related_name="+")
    booking = models.ForeignKey(Booking, on_delete=models.CASCADE, related_name="reads")
    field = models.CharField(max_length=24)
    at = models.DateTimeField(default=timezone.now)

    def __str__(self) -> str:
        return f"{self.field} {self.at:%Y-%m-%d %H:%M}"


class LinkManager(models.Manager["Link"]):
    def mint(self, booking: Booking, purpose: "Link.Purpose", *, expires_at: datetime.datetime) -> str:
        """A new token that opens this booking for this purpose. Only its hash is kept."""
        token = tokens.new_token()
        self.create(booking=booking, purpose=purpose, token_hash=tokens.token_hash(token), expires_at=expires_at)
        return token

    def open(self, token: str, *purposes: "Link.Purpose") -> "Link | None":
        """The link of this token, if it lives and was made for one of these purposes."""
        live = self.filter(token_hash=tokens.token_hash(token), purpose__in=purposes, revoked_at=None)
        # The handler, whom few bookings have, apart: PostgreSQL plans eight joins far longer than it runs them.
        related = live.select_related("booking__bcu", "booking__contact", "booking__walk__bcu")
        related = related.prefetch_related("booking__handler__bcu")
        return related.filter(expires_at__gt=timezone.now()).first()


class Link(models.Model):
    """A link in a message. Each message mints its own."""

    class Purpose(models.TextChoices):
        PAGE = "page", "Her page"
        TELL_US = "tell_us", "Say what worried her"

    booking = models.ForeignKey(Booking, on_delete=models.CASCADE, related_name="links")
    purpose = models.CharField(max_length=8, choices=Purpose.choices)
    token_hash = models.CharField(max_length=64, unique=True)
    expires_at = models.DateTimeField()
    revoked_at = models.DateTimeField(null=True)

    objects = LinkManager()

    def __str__(self) -> str:
        return f"{self.get_purpose_display()} {self.booking_id}"


class LinkRequest(models.Model):
    """Somebody asked for a link again: a row whether or not the booking exists (docs/rules.md#link-requests)."""

    uuid = models.UUIDField(primary_key=True, default=uuid4, editable=False)
    reference = EncryptedTextField()
    asked_at = models.DateTimeField(default=timezone.now, db_index=True)

    def __str__(self) -> str:
        return str(self.uuid)


@dataclass(frozen=True)
class Limit:
    """So many of one key in each window of time."""

    key: str
    window: datetime.timedelta
    most: int

    @property
    def key_hash(self) -> str:
        return tokens.index_hmac(self.key)


A_MINUTE = datetime.timedelta(minutes=1)


class RateCountManager(models.Manager["RateCount"]):
    def hit(self, key: str, *, window: datetime.timedelta) -> None:
        """Count one more of this key in this window. Holds without Redis."""
        row, _ = self.get_or_create(key_hash=tokens.index_hmac(key), window=_window_start(window))
        self.filter(pk=row.pk).update(count=F("count") + 1)

    def hold(self, key: str) -> None:
        """Whoever counts the same key waits until this transaction ends, so that a crowd gets no more tries."""
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_xact_lock(hashtextextended(%s, 0))", [tokens.index_hmac(key)])

    def lately(self, key: str, *, within: datetime.timedelta) -> int:
        """How often in this time, give or take a minute, of what was counted minute by minute."""
        since = timezone.now() - within - A_MINUTE
        rows = self.filter(key_hash=tokens.index_hmac(key), window__gt=since)
        return int(rows.aggregate(total=Sum("count", default=0))["total"])

    def take(self, **uses: "Limit") -> list[str]:
        """Count one more of each, in one query, and name those that are over their limit."""
        # In one order, so that two requests that share both keys never wait for each other.
        rows = sorted((limit.key_hash, _window_start(limit.window), name) for name, limit in uses.items())
        with connection.cursor() as cursor:
            cursor.execute(
                f"""INSERT INTO bookings_ratecount (key_hash, "window", count)
                VALUES {", ".join(["(%s, %s, 1)"] * len(rows))}
                ON CONFLICT (key_hash, "window") DO UPDATE SET count = bookings_ratecount.count + 1
                RETURNING key_hash, count""",  # noqa: S608  # as many places as rows, and nothing else
                [value for key_hash, window, _name in rows for value in (key_hash, window)],
            )
            counted = dict(cursor.fetchall())
        return [name for name, limit in uses.items() if counted[limit.key_hash] > limit.most]

    def so_far(self, key: str, *, window: datetime.timedelta) -> int:
        rows = self.filter(key_hash=tokens.index_hmac(key), window=_window_start(window))
        return rows.values_list("count", flat=True).first() or 0


def _window_start(window: datetime.timedelta) -> datetime.datetime:
    seconds = int(window.total_seconds())
    now = int(timezone.now().timestamp())
    return datetime.datetime.fromtimestamp(now - now % seconds, datetime.UTC)


class RateCount(models.Model):
    """How often something happened within one window of time. The key is hashed: it may hold an address."""

    key_hash = models.CharField(max_length=64)
    window = models.DateTimeField(db_index=True)
    count = models.PositiveIntegerField(default=0)

    objects = RateCountManager()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["key_hash", "window"], name="one_count_a_key_and_window")]

    def __str__(self) -> str:
        return f"{self.window:%Y-%m-%d %H:%M} {self.count}"
