"""Links in messages, and requests to send one again."""

import datetime
from uuid import uuid4

from django.db import models
from django.utils import timezone

from bookings.models.bookings import Booking
from walkandtalk.lib import tokens
from walkandtalk.lib.choices import ChoiceField
from walkandtalk.lib.fields import EncryptedTextField
from walkandtalk.lib.keys.keyed_hashes import KeyedHashField


class LinkManager(models.Manager["Link"]):
    def create_token(
        self, booking: Booking, purpose: "Link.Purpose", *, expires_at: datetime.datetime, email: str = ""
    ) -> str:
        """Return a new token that opens this booking for this purpose. Only its hash is saved."""
        token = tokens.new_token()
        self.create(
            booking=booking,
            purpose=purpose,
            token_hash=tokens.token_hash(token),
            expires_at=expires_at,
            email_hmac=tokens.index_hmac(email) if email else "",
        )
        return token

    def open(self, token: str, *purposes: "Link.Purpose") -> "Link | None":
        """Return the link of this token, if it is still valid and has one of these purposes."""
        live = self.filter(token_hash=tokens.token_hash(token), purpose__in=purposes, revoked_at=None)
        # Not joined: few bookings have a nominated inspector, and PostgreSQL spends far longer planning eight joins
        # than running them.
        related = live.select_related(
            "booking__bcu", "booking__contact", "booking__walk__bcu", "booking__acknowledgement"
        )
        related = related.prefetch_related("booking__nominated_inspector__bcu")
        return related.filter(expires_at__gt=timezone.now()).first()

    def use(self, token: str, purpose: "Link.Purpose") -> bool:
        """Use up a link that works once. Return False if it was used before, even at the same moment."""
        unused = self.filter(token_hash=tokens.token_hash(token), purpose=purpose, revoked_at=None)
        return bool(unused.update(revoked_at=timezone.now()))


class Link(models.Model):
    """A link in a message. Each message has its own."""

    class Purpose(models.TextChoices):
        PAGE = "page", "Her page"
        FREEZE = "freeze", "Say “This wasn’t me”"
        REPORT = "report", "Say what worried her"
        COPY = "copy", "A copy of her details, once"
        ERASE = "erase", "Delete her details, once"
        UNDO = "undo", "Keep her details after all, once"

    booking = models.ForeignKey(Booking, on_delete=models.CASCADE, related_name="links")
    purpose = ChoiceField(max_length=8, choices=Purpose.choices)
    token_hash = models.CharField(max_length=64, unique=True)
    expires_at = models.DateTimeField()
    revoked_at = models.DateTimeField(null=True)
    email_hmac = KeyedHashField(
        of="booking.contact.email",
        if_other="replace",
        blank=True,
        default="",
        help_text="The address it was sent to. Empty if a PIN opened the page.",
    )

    objects = LinkManager()

    def __str__(self) -> str:
        return f"{self.get_purpose_display()} {self.booking_id}"


class LinkRequest(models.Model):
    """A request to send a link again, saved whether or not the booking exists (docs/rules.md#link-requests)."""

    uuid = models.UUIDField(primary_key=True, default=uuid4, editable=False)
    reference = EncryptedTextField()
    asked_at = models.DateTimeField(default=timezone.now, db_index=True)

    def __str__(self) -> str:
        return str(self.uuid)
