"""Drafts: a requester's answers before she sends them."""

import datetime
from collections.abc import Collection, Mapping
from typing import TYPE_CHECKING, Any
from uuid import UUID, uuid4

from django.db import models, transaction
from django.utils import timezone

from bookings.models.booking_queries import BookingQuerySet
from bookings.models.bookings import Booking
from boroughs.models.officers import Officer
from walkandtalk.lib import tokens
from walkandtalk.lib.fields import EncryptedJSONField

if TYPE_CHECKING:
    from django.contrib.auth.models import AnonymousUser

DRAFT_LIFETIME = datetime.timedelta(minutes=60)


class DraftManager(models.Manager["Draft"]):
    def open(self, cookie: str) -> "Draft | None":
        """Return the draft that this cookie opens, or None if it does not exist or has expired."""
        try:
            draft = self.get(cookie_hash=tokens.token_hash(cookie))
        except Draft.DoesNotExist:
            return None
        return draft if draft.expires_at > timezone.now() else None

    def start(self, answers: Mapping[str, object] | None = None, *, source: str = "") -> "tuple[Draft, str]":
        """Return a new draft with these answers, and the cookie that opens it.

        `source` is the poster that the requester scanned.
        """
        cookie = tokens.new_token()
        draft = self.create(
            cookie_hash=tokens.token_hash(cookie),
            answers=dict(answers or {}),
            expires_at=timezone.now() + DRAFT_LIFETIME,
            source=source,
        )
        return draft, cookie

    def start_phone_booking(self, pk: UUID, *, by: Officer) -> "Draft":
        """Return the draft for the inspector's page, created if needed. The same page always gets the same draft.

        Raise DoesNotExist if the draft is another inspector's, or has expired.
        """
        expires_at = timezone.now() + DRAFT_LIFETIME
        defaults = {"cookie_hash": tokens.token_hash(tokens.new_token()), "answers": {}, "expires_at": expires_at}
        self.get_or_create(pk=pk, defaults={**defaults, "by": by})
        return self.visible_to(by).get(pk=pk)

    def visible_to(self, officer: "Officer | AnonymousUser") -> "models.QuerySet[Draft]":
        """Return the unexpired drafts of this inspector's phone bookings."""
        if not isinstance(officer, Officer):
            return self.none()
        return self.filter(by=officer, expires_at__gt=timezone.now())

    def discard(self, cookie: str) -> None:
        """Delete the draft without waiting for it to expire."""
        self.filter(cookie_hash=tokens.token_hash(cookie)).delete()


class Draft(models.Model):
    """A requester's answers before she sends them. One draft makes one booking."""

    uuid = models.UUIDField(primary_key=True, default=uuid4, editable=False)
    cookie_hash = models.CharField(max_length=64, unique=True)
    answers = EncryptedJSONField()
    source = models.SlugField(blank=True, default="", db_index=False, editable=False)
    expires_at = models.DateTimeField(db_index=True)
    by = models.ForeignKey(
        Officer,
        on_delete=models.CASCADE,
        null=True,
        editable=False,
        related_name="+",
        help_text="The inspector who takes a phone booking. No cookie opens her draft.",
    )
    equality_answered = models.BooleanField(
        default=False,
        help_text="Whether the requester has answered the equality questions. The answers are not kept here.",
    )

    objects = DraftManager()

    def __str__(self) -> str:
        return str(self.uuid)

    def bookings_from_draft(self) -> BookingQuerySet:
        """Return the booking made from this draft, even if the inspector who took it may no longer see it."""
        return Booking.objects.filter(draft_uuid=self.pk)

    def save_answers_of_page(self, given: Mapping[str, object], *, outdated: Collection[str] = ()) -> None:
        """Save the answers that a page asks for, drop outdated answers, and keep the draft for another hour.

        Raise DoesNotExist if the requester has left the form in another window.
        """

        def update(answers: dict[str, object]) -> dict[str, object]:
            return {name: old for name, old in answers.items() if name not in outdated} | dict(given)

        # Each write changes `expires_at`. If it is unchanged, nothing was written since we read the row.
        if self._write(update(self.answers), expires_at=self.expires_at):
            return
        with transaction.atomic():
            self._write_or_raise(update(Draft.objects.select_for_update().get(pk=self.pk).answers))

    def save_answers(self, answers: Mapping[str, object]) -> None:
        """Save the answers from a page with several questions, and drop empty answers.

        Raise DoesNotExist if the draft no longer exists.
        """
        with transaction.atomic():
            merged = Draft.objects.select_for_update().get(pk=self.pk).answers | dict(answers)
            self._write_or_raise({name: answer for name, answer in merged.items() if answer})

    def extend_expiry(self) -> None:
        """Keep the draft for another hour. Do nothing if the requester has left the form."""
        expires_at = timezone.now() + DRAFT_LIFETIME
        if Draft.objects.filter(pk=self.pk).update(expires_at=expires_at):
            self.expires_at = expires_at

    def mark_equality_answered(self) -> bool:
        """Mark the equality questions as answered. Return False if they already were: we count them once."""
        return bool(Draft.objects.filter(pk=self.pk, equality_answered=False).update(equality_answered=True))

    @transaction.atomic
    def remove_answer(self, question: str) -> None:
        """Remove the answer to one question. Raise DoesNotExist if the draft no longer exists."""
        answers = Draft.objects.select_for_update().get(pk=self.pk).answers
        self._write_or_raise({name: answer for name, answer in answers.items() if name != question})

    def clear_answers(self) -> bool:
        """Delete the answers, and lock the row until the transaction ends. Return whether nobody else has written it.

        A booking empties its draft, so there is none if the answers are as we read them. Raise DoesNotExist
        if the draft no longer exists.
        """
        if self.answers and self._write({}, expires_at=self.expires_at):
            return True
        self._write_or_raise({})
        return False

    def _write_or_raise(self, answers: dict[str, object]) -> None:
        if not self._write(answers):
            raise Draft.DoesNotExist

    def _write(self, answers: dict[str, object], **as_read: object) -> bool:
        """Save the answers if the row still exists with the values in `as_read`. Return whether they were saved."""
        expires_at = timezone.now() + DRAFT_LIFETIME
        field: Any = self._meta.get_field("answers")
        encrypted = field.encrypt_value(answers, self)
        if not Draft.objects.filter(pk=self.pk, **as_read).update(answers=encrypted, expires_at=expires_at):
            return False
        self.answers, self.expires_at = answers, expires_at
        return True
