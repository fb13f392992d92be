"""The requester's personal details."""

from collections.abc import Iterable
from typing import Any, cast
from uuid import uuid4

from django.contrib.postgres.indexes import GinIndex
from django.db import models
from django.utils.translation import get_language

from bookings.models.search_keys import name_keys, place_keys
from bookings.statuses import Need
from boroughs import taxonomy
from boroughs.geography.map_points import MapPoint
from walkandtalk.lib import tokens
from walkandtalk.lib.fields import EncryptedJSONField, EncryptedTextField
from walkandtalk.lib.keys.keyed_hashes import KeyedHashField, SearchKeysField, second_hmac
from walkandtalk.lib.reading import Opened, untracked
from walkandtalk.lib.rows import save_changes
from walks.planning.suggestions import SkillsWanted

KEYS_OF = {"name": "name_keys", "meeting_place": "place_keys", "email_hmac": "older_email_hmac"}


class BookingContact(models.Model):
    """The requester's personal details, kept apart so that they can be erased while the booking still counts."""

    booking = models.OneToOneField(
        "bookings.Booking", on_delete=models.CASCADE, primary_key=True, related_name="contact"
    )
    language = models.CharField(
        max_length=12, blank=True, default=get_language, help_text="The language of our messages to the requester."
    )
    name = EncryptedTextField()
    email = EncryptedTextField()
    email_hmac = KeyedHashField(of="email", blank=True, db_index=True)
    older_email_hmac = KeyedHashField(
        of="email",
        is_second=True,
        blank=True,
        default="",
        editable=False,
        db_index=True,
        help_text="With the second key, while INDEX_KEY has two: so rows of before and after are found as the same.",
    )
    phone = EncryptedTextField()
    phone_rules = EncryptedJSONField()
    phone_times = EncryptedTextField()
    meeting_place = EncryptedTextField()
    name_keys = SearchKeysField(
        of="name", made_by=name_keys, help_text="By which a search finds her first name. Empty once erased."
    )
    place_keys = SearchKeysField(
        of="meeting_place", made_by=place_keys, help_text="By which a search finds the words of the meeting place."
    )
    previous_meeting_place = EncryptedTextField(null=True)
    cancelled_meeting_place = EncryptedTextField(
        null=True, help_text="The meeting place when we cancelled. A shared walk may have moved since."
    )
    map_coordinates = EncryptedJSONField(
        null=True, help_text="The point that the requester chose on our map: [latitude, longitude]."
    )
    needs = EncryptedJSONField()
    needs_details = EncryptedTextField()
    route = EncryptedTextField(null=True, help_text="Where the requester would like to walk, or what we should see.")
    about = EncryptedJSONField(null=True, help_text="Codes of groups of concerns.")
    companions = models.PositiveSmallIntegerField(default=0, help_text="People the requester brings, each 18 or over.")
    may_share_with_partners = models.BooleanField(null=True, help_text="The place and the problem, without her name.")
    accompanied = models.BooleanField(
        default=False,
        help_text="The requester is 16 or 17, and a parent, adult sister or guardian comes with her.",
    )
    pin_hmac = KeyedHashField(purpose="pin", blank=True)
    one_time_pin_hmac = KeyedHashField(purpose="pin", blank=True, default="", editable=False)
    one_time_pin_expires_at = models.DateTimeField(null=True, editable=False)
    weekday_evenings = models.BooleanField(default=False, help_text="The requester could also do weekday evenings.")
    weekends = models.BooleanField(default=False, help_text="The requester could also do weekends.")
    calendar_uid = models.UUIDField(
        unique=True,
        null=True,
        default=uuid4,
        editable=False,
        help_text="The entry in the requester's calendar. Empty once erased.",
    )
    calendar_sequence = models.PositiveIntegerField(default=0, editable=False)
    inbox_unsafe_at = models.DateTimeField(
        null=True, editable=False, help_text="When the requester said that someone else may read her email."
    )
    unsafe_email_hmac = KeyedHashField(
        of="email",
        if_other="keep",
        blank=True,
        default="",
        editable=False,
        help_text="The address that she called unsafe.",
    )
    address_unconfirmed_since = models.DateTimeField(
        null=True,
        editable=False,
        help_text="Since when we wait for her to confirm this address from a message sent there. Empty once she has.",
    )
    messages_stopped_at = models.DateTimeField(
        null=True, editable=False, help_text="When the requester asked us to stop writing."
    )

    class Meta:
        indexes = [GinIndex(fields=["name_keys", "place_keys"], name="contacts_by_name_and_place")]

    def __str__(self) -> str:
        return str(self.pk)

    def save(self, *args: Any, update_fields: Iterable[str] | None = None, **kwargs: Any) -> None:
        """Save the search keys with the texts that they find, so that they never belong to an earlier name or place.

        The same goes for the hash of her address with the second key.
        """
        fields = None if update_fields is None else set(update_fields)
        with untracked():
            if fields is None or "name" in fields:
                self.name_keys = name_keys(self.name)
            if fields is None or "meeting_place" in fields:
                self.place_keys = place_keys(self.meeting_place)
            if fields is None or "email_hmac" in fields:
                self.older_email_hmac = second_hmac(self.email) if self.email_hmac else ""
        if fields is not None:
            fields |= {keys for text, keys in KEYS_OF.items() if text in fields}
        super().save(*args, update_fields=fields, **kwargs)

    @property
    def initial(self) -> str:
        """Like "M.", for a list. To show it is no look (docs/rules.md#need-to-know)."""
        with untracked():
            return f"{self.name[:1]}." if self.name else ""

    @property
    def has_phone(self) -> bool:
        """Whether she gave a number, without saying which."""
        with untracked():
            return bool(self.phone)

    @property
    def has_needs(self) -> bool:
        """Whether she told us of any access need, without saying which."""
        with untracked():
            return bool(self.needs)

    @property
    def address_hmacs(self) -> list[str]:
        """The hashes of her address, one for each key. Empty if she has none."""
        with untracked():
            return tokens.index_hmacs(self.email) if self.email else []

    @property
    def details_opened(self) -> Opened:
        return Opened("contact", "booking", self.booking_id)

    def advance_calendar_entry(self) -> None:
        """Number the calendar entry as newer, so that the requester's calendar replaces the old one."""
        save_changes(self, calendar_sequence=self.calendar_sequence + 1)

    @property
    def map_point(self) -> MapPoint | None:
        return MapPoint.from_list(self.map_coordinates)

    def need_labels(self) -> list[str]:
        return [str(Need(code).label) for code in cast("list[str]", self.needs)]

    def needs_to_arrange(self) -> list[Need]:
        """Return the needs to arrange before we schedule a walk. Details without a ticked need count as one."""
        ticked = [Need(code) for code in cast("list[str]", self.needs)]
        return ticked or ([Need.OTHER] if self.needs_details else [])

    def skills_wanted(self) -> SkillsWanted:
        """Return what an officer could bring to meet these needs."""
        return SkillsWanted(bsl=Need.BSL in self.needs_to_arrange(), details=self.needs_details)

    def about_labels(self) -> list[str]:
        return [str(taxonomy.GROUPS.get(code, code)) for code in cast("list[str]", self.about or [])]
